"""Names and documents as they stand in a Colombian collections system; all of them are made up."""

import unicodedata
from random import Random

_WOMEN = (
    "María Fernanda", "Luz Marina", "Ana Lucía", "Diana Carolina", "Paola Andrea", "Sandra Milena", "Claudia Patricia",
    "Laura Valentina", "Natalia", "Yolanda", "Gloria Inés", "Adriana", "Mónica", "Daniela", "Juliana", "Martha Cecilia",
    "Catalina", "Ángela María", "Leidy Johana", "Rosa Elena", "Camila", "Isabel Cristina", "Valentina", "Blanca Nubia",
)  # fmt: skip
_MEN = (
    "Juan Carlos", "Andrés Felipe", "Luis Eduardo", "Carlos Alberto", "José Luis", "Jorge Iván", "Miguel Ángel",
    "Diego Alejandro", "Sebastián", "Óscar", "Fabián", "Hernán Darío", "Wilson", "Ricardo", "Camilo", "Santiago",
    "Álvaro", "Nelson", "Édgar", "Julián", "Mauricio", "Germán", "Gustavo Adolfo", "Rubén Darío",
)  # fmt: skip
_SURNAMES = (
    "Rodríguez", "Gómez", "González", "Martínez", "García", "López", "Hernández", "Sánchez", "Ramírez", "Pérez",
    "Díaz", "Muñoz", "Rojas", "Moreno", "Jiménez", "Vargas", "Castro", "Ortiz", "Restrepo", "Zapata", "Quintero",
    "Cárdenas", "Mejía", "Valencia", "Osorio", "Cortés", "Arango", "Londoño", "Peña", "Ospina", "Guerrero", "Salazar",
    "Acosta", "Bedoya", "Caicedo", "Echeverri", "Mosquera", "Niño", "Pineda", "Suárez",
)  # fmt: skip
_TRADES = (
    "Ferretería", "Panadería", "Transportes", "Confecciones", "Distribuidora", "Laboratorio", "Clínica", "Constructora",
    "Agropecuaria", "Comercializadora", "Droguería", "Restaurante", "Hotel", "Editorial", "Metalmecánica", "Lácteos",
    "Consultores", "Talleres", "Muebles", "Avícola",
)  # fmt: skip
_BRANDS = (
    "El Roble", "La Sabana", "Los Andes", "San Rafael", "El Cóndor", "Monserrate", "La Colmena", "Río Claro",
    "Santa Lucía", "El Trébol", "Cafetera", "del Pacífico", "La Esperanza", "Altamira", "El Nogal", "Guadalupe",
    "La Candelaria", "Bochica", "Los Alpes", "Tequendama", "La Macarena", "El Dorado", "Villa Nueva", "Sierra Nevada",
)  # fmt: skip
_OFFICES = ("Alcaldía de", "Hospital Regional de", "Institución Educativa de")
_TOWNS = (
    "Chía", "Sogamoso", "Palmira", "Rionegro", "Girardot", "Tunja", "Envigado", "Buga", "Ocaña", "Pitalito", "Yopal",
    "Zipaquirá", "Duitama", "Cartago", "Sabanalarga", "La Dorada", "Apartadó", "Fusagasugá", "Tuluá", "Magangué",
)  # fmt: skip
CITIES = ("Bogotá", "Medellín", "Cali", "Barranquilla", "Bucaramanga", "Cartagena", "Pereira", "Manizales", "Ibagué")

_NIT_WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41)


def person_name(draw: Random) -> str:
    """A first name and two surnames."""
    first = draw.choice(draw.choice((_WOMEN, _MEN)))
    return f"{first} {draw.choice(_SURNAMES)} {draw.choice(_SURNAMES)}"


def company_name(draw: Random, client_type: str) -> str:
    """A business by its trade, or a public office by its town."""
    if client_type == "Gobierno":
        return f"{draw.choice(_OFFICES)} {draw.choice(_TOWNS)}"
    form = "S.A." if client_type == "Corporativo" else draw.choice(("S.A.S.", "Ltda.", "S.A.S."))
    return f"{draw.choice(_TRADES)} {draw.choice(_BRANDS)} {form}"


def identity_card(place: int) -> str:
    """A citizen's number (cédula), different for each place."""
    return f"{1_010_000_000 + place * 7_919 % 89_000_000}"


def tax_number(place: int) -> str:
    """A company's number (NIT) with its check digit, different for each place."""
    number = 900_100_000 + place * 7_907 % 800_000
    return f"{number}-{_check_digit(number)}"


def _check_digit(number: int) -> int:
    rest = sum(int(digit) * weight for digit, weight in zip(reversed(str(number)), _NIT_WEIGHTS, strict=True)) % 11
    return rest if rest < 2 else 11 - rest


def mailbox(name: str) -> str:
    """A name as the local part of an address: small letters, digits and dots."""
    plain = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return ".".join(words)
