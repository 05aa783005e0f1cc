"""What each built-in variable is called and what it means, for people: the words of ``GET /v1/glossary``.

Source: meaning.md 7-21. Custom variables bring their own words.
"""

from collections.abc import Mapping

from services.segmenter.domain.meaning import Meaning, Said, meaning
from services.segmenter.domain.meanings_of_money import OWED, PAID

_WHO = {
    "customer_type": meaning("Tipo de cliente", "Customer type", "Persona o empresa.", "Person or company."),
    "name": meaning(
        "Nombre",
        "Name",
        "Nombre o razón social. Se compara sin distinguir mayúsculas ni tildes.",
        "The name of the person or company. Compared without case and accents.",
    ),
    "email": meaning(
        "Correo",
        "E-mail",
        "Correo principal, tal como se recibió.",
        "The main e-mail address, as it was received.",
    ),
    "document_number": meaning(
        "Número de documento",
        "Document number",
        "Número del documento de identidad o tributario.",
        "The number of the identity or tax document.",
    ),
    "document_type": meaning(
        "Tipo de documento",
        "Document type",
        "Clase de documento, por ejemplo CC o NIT.",
        "The kind of document, such as CC or NIT.",
    ),
    "country": meaning("País", "Country", "Código del país del cliente.", "The code of the customer's country."),
    "portfolio": meaning(
        "Cartera",
        "Portfolio",
        "Cartera a la que la empresa asignó al cliente.",
        "The portfolio that the company put the customer in.",
    ),
    "client_type": meaning(
        "Clase de cliente",
        "Client type",
        "Clasificación comercial propia de la empresa.",
        "The company's own commercial classification.",
    ),
    "language": meaning(
        "Idioma",
        "Language",
        "Idioma en que se escribe al cliente.",
        "The language that the customer is written to in.",
    ),
    "registered_on": meaning(
        "Fecha de registro",
        "Registration date",
        "Día en que el cliente quedó registrado.",
        "The day on which the customer was registered.",
    ),
    "archived": meaning(
        "Archivado",
        "Archived",
        "Sí, si el cliente está archivado: sigue en la cascada y en los conteos, pero no recibe mensajes ni alertas.",
        "Yes if the customer is archived: it stays in the cascade and in every count, and gets no mail and no alert.",
    ),
    "days_since_registration": meaning(
        "Días desde el registro",
        "Days since registration",
        "Días transcurridos desde la fecha de registro.",
        "Days gone by since the registration date.",
    ),
    "contactability_problem": meaning(
        "Problema de contactabilidad",
        "Contactability problem",
        "Sí, si no queda ningún correo utilizable (no hay, es ficticio, rebotó o generó una queja) o si el teléfono"
        " dado es ficticio. No tener teléfono no es un problema.",
        "Yes if no usable e-mail is left (there is none, or each is a placeholder, bounced or complained), or if the"
        " phone given is a placeholder. A missing phone is no problem.",
    ),
    "products": meaning(
        "Productos",
        "Products",
        "Productos de las facturas abiertas y de las suscripciones activas, sin repetir.",
        "The distinct products of open invoices and active subscriptions.",
    ),
}
_KEPT = {
    "on_time_ratio": meaning(
        "Proporción pagada a tiempo",
        "Share paid on time",
        "De lo que venció en el último año, qué parte se pagó a más tardar en su vencimiento más los días de gracia:"
        " de 0 a 1, ponderada por monto. Sin dato con menos de tres facturas.",
        "Of what fell due within the last year, the share that was paid by its due date and grace days: 0 to 1,"
        " weighted by amount. Missing under three invoices.",
    ),
    "average_days_late": meaning(
        "Días de atraso en promedio",
        "Average days late",
        "Días entre el vencimiento y el pago, en promedio ponderado por monto, de lo pagado en el último año; negativo"
        " si paga antes. Sin dato si no pagó nada.",
        "Days from due date to payment, averaged by amount over what was paid within the last year; negative when"
        " early. Missing when nothing was paid.",
    ),
    "active_subscriptions": meaning(
        "Suscripciones activas",
        "Active subscriptions",
        "Suscripciones en estado activo que ya empezaron y no han terminado.",
        "Subscriptions with status active that have started and not ended.",
    ),
    "open_disputes": meaning(
        "Disputas abiertas",
        "Open disputes",
        "Disputas abiertas que no se han cerrado.",
        "Disputes that were opened and are not closed.",
    ),
    "broken_promises": meaning(
        "Promesas incumplidas",
        "Broken promises",
        "Promesas de pago no canceladas de las que, al día hábil siguiente a su fecha, se había pagado menos del 95 %.",
        "Promises to pay, not cancelled, of which less than 95 % was paid by the business day after they fell due.",
    ),
    "risk_level": meaning(
        "Nivel de riesgo",
        "Risk level",
        "Alto, medio, bajo o desconocido, según el comportamiento de pago o el puntaje, con los umbrales publicados.",
        "High, medium, low or unknown, from payment behaviour or the score, by the published thresholds.",
    ),
    "risk_score": meaning(
        "Puntaje de riesgo",
        "Risk score",
        "Puntaje que envía el sistema de riesgo de la empresa.",
        "The score that the company's scoring system sends.",
    ),
    "is_top": meaning(
        "Alto volumen de pagos",
        "High payment volume",
        "Sí, si lo pagado en el período de los filtros rápidos alcanza el percentil fijado en la última actualización,"
        " por moneda.",
        "Yes if what was paid over the days of the quick filters reaches the percentile fixed at the last refresh, per"
        " currency.",
    ),
    "is_new": meaning(
        "Cliente nuevo",
        "New customer",
        "Sí, si se registró dentro de los días que fijan los filtros rápidos.",
        "Yes if registered within the days that the quick filters set.",
    ),
    "is_recurring": meaning(
        "Pagos recurrentes",
        "Recurring payments",
        "Sí, si tiene una suscripción activa o pagó en suficientes meses recientes, según los filtros rápidos.",
        "Yes with an active subscription, or payments in enough of the recent months, as the quick filters set.",
    ),
    "is_recent": meaning(
        "Actividad reciente",
        "Recent activity",
        "Sí, si la última actividad cae dentro de los días que fijan los filtros rápidos.",
        "Yes if the last activity lies within the days that the quick filters set.",
    ),
}

MEANINGS: Mapping[str, Meaning] = {**_WHO, **OWED, **PAID, **_KEPT}
NOT_SEGMENTABLE = Said(
    "La mora no puede ser criterio de segmento: los tramos los lleva el sistema al lado de los segmentos, y un segmento"
    " que los repita movería al cliente dos veces por un mismo hecho. Use overdue_balance, o filtre por tramo en"
    " búsquedas, alertas y audiencias.",
    "Days past due may not be a segment criterion: aging buckets are kept by the system beside the segments, and a"
    " segment that repeats them would move customers twice for one fact. Use overdue_balance, or filter by bucket in"
    " searches, alerts and audiences.",
)
"""Why an aging variable is refused in a segment's rule."""
