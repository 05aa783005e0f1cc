"""The demo's collections policy as data: variables, flows, the cascade of eight segments and Default, statement rules.

The segments follow the usual segmentations: persons by risk, portfolio and product; companies by client type, product
and a total balance over an amount without a contactability problem; everyone by behaviour.
"""

from typing import Any

Body = dict[str, Any]


def _is(variable: str, operator: str, value: Any = None, **more: Any) -> Body:
    condition = {"variable": variable, "operator": operator, **more}
    return condition if value is None else condition | {"value": value}


def _pesos(amount: str) -> Body:
    return {"amount": amount, "currency": "COP"}


_PERSON = _is("customer_type", "eq", "person")
_COMPANY = _is("customer_type", "eq", "company")
_OVERDUE = _is("overdue_balance", "gt", _pesos("0"))

VARIABLES: dict[str, Body] = {
    "ciudad": {"type": "text", "title": {"es": "Ciudad", "en": "City"}},
    "estrato": {
        "type": "number",
        "title": {"es": "Estrato", "en": "Residential stratum"},
        "description": "Estrato socioeconómico del predio, de 1 a 6",
    },
    "cupo_aprobado": {"type": "money", "title": {"es": "Cupo aprobado", "en": "Approved limit"}},
    "canal_preferido": {
        "type": "choice",
        "title": {"es": "Canal preferido", "en": "Preferred channel"},
        "choices": ["correo", "whatsapp", "llamada"],
    },
}

FLOWS: dict[str, Body] = {
    "actualizar-datos": {"name": "Actualización de datos", "channels": ["call"], "frequency": "weekly"},
    "reintento-de-cobro": {
        "name": "Reintento de cobro",
        "channels": ["whatsapp", "email"],
        "frequency": "daily",
    },
    "ejecutivo-de-cuenta": {"name": "Ejecutivo de cuenta", "channels": ["call", "email"], "frequency": "weekly"},
    "cobro-pyme": {"name": "Cobro preventivo pyme", "channels": ["email"], "frequency": "weekly"},
    "acuerdo-de-pago": {"name": "Acuerdo de pago", "channels": ["call", "whatsapp"], "frequency": "weekly"},
    "facilidad-energia": {"name": "Facilidades de pago energía", "channels": ["sms"], "frequency": "every 2 weeks"},
    "agradecimiento": {"name": "Agradecimiento", "channels": ["email"], "frequency": "monthly"},
    "recuperacion": {"name": "Te queremos de vuelta", "channels": ["email"], "frequency": "monthly"},
    "recordatorio-suave": {"name": "Recordatorio suave", "channels": ["email"], "frequency": "every 2 weeks"},
}

SEGMENTS: dict[str, Body] = {
    "sin-contacto": {
        "name": "Sin contacto y con mora",
        "flow_id": "actualizar-datos",
        "rule": {"all": [_is("contactability_problem", "eq", True), _OVERDUE]},
    },
    "pagos-fallidos": {
        "name": "Pagos fallidos",
        "flow_id": "reintento-de-cobro",
        "rule": _is("failed_payments", "gt", 1, within_days=90),
    },
    "empresas-saldo-alto": {
        "name": "Empresas con saldo alto",
        "flow_id": "ejecutivo-de-cuenta",
        "rule": {
            "all": [
                _COMPANY,
                _is("total_balance", "gt", _pesos("10000000")),
                _is("contactability_problem", "eq", False),
            ]
        },
    },
    "pymes-en-mora": {
        "name": "Pymes con servicios en mora",
        "flow_id": "cobro-pyme",
        "rule": {
            "all": [
                _COMPANY,
                _is("client_type", "eq", "PyME"),
                _OVERDUE,
                {
                    "any": [
                        _is("products", "contains", "Conectividad empresarial"),
                        _is("products", "contains", "Energía comercial"),
                    ]
                },
            ]
        },
    },
    "riesgo-alto": {
        "name": "Personas de riesgo alto en mora",
        "flow_id": "acuerdo-de-pago",
        "rule": {"all": [_PERSON, _OVERDUE, _is("risk_score", "lt", 550)]},
    },
    "energia-123": {
        "name": "Energía estratos 1 a 3 en mora",
        "flow_id": "facilidad-energia",
        "rule": {"all": [_PERSON, _is("portfolio", "eq", "Energía"), _is("estrato", "between", [1, 3]), _OVERDUE]},
    },
    "buen-pagador": {
        "name": "Buen pagador",
        "flow_id": "agradecimiento",
        "rule": {
            "all": [
                _is("last_payment_on", "within_last_days", 30),
                {"not": _OVERDUE},
                _is("failed_payments", "lte", 1, within_days=90),
            ]
        },
    },
    "inactivo": {
        "name": "Inactivo",
        "flow_id": "recuperacion",
        "rule": _is("last_activity_on", "not_within_last_days", 60),
    },
}
"""The eight segments in priority order; Default follows."""
DEFAULT: Body = {"name": "Gestión general", "flow_id": "recordatorio-suave"}

STATEMENT_RULES: dict[str, Body] = {
    "vencidas-lun-jue": {
        "name": "Facturas vencidas de empresas, lunes y jueves",
        "frequency": {"type": "weekly", "weekdays": ["monday", "thursday"]},
        "time": "09:00",
        "time_zone": "America/Bogota",
        "content": {"type": "overdue", "min_days_overdue": 10},
        "audience": {"customer_types": ["company"]},
        "status": "active",
    },
    "estado-mensual": {
        "name": "Estado de cuenta mensual",
        "frequency": {"type": "monthly", "day": 5},
        "time": "08:00",
        "time_zone": "America/Bogota",
        "content": {"type": "full", "paid_within_days": 90},
        "audience": {
            "segment_ids": ["pagos-fallidos", "empresas-saldo-alto", "pymes-en-mora", "riesgo-alto", "energia-123"]
        },
        "status": "active",
    },
}
