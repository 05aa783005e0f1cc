"""What the demo's company sells: services and credits to households and businesses, with amounts in Colombian pesos."""

from dataclasses import dataclass
from random import Random

from deploy.demo.shapes import lognormal


@dataclass(frozen=True)
class Product:
    """Something invoiced every month. ``sigma`` spreads customers, ``varies`` the months of one customer."""

    name: str
    portfolio: str
    median: int
    sigma: float
    varies: float = 0.0

    def usual_amount(self, draw: Random) -> float:
        """What one customer pays for it in a usual month, in COP."""
        return lognormal(draw, self.median, self.sigma)

    def month_amount(self, draw: Random, usual: float) -> int:
        """What one month costs: whole hundreds of pesos."""
        return max(100, round(lognormal(draw, usual, self.varies) / 100) * 100)


INTERNET = Product("Internet hogar", "Telecomunicaciones", 94_900, 0.44)
MOBILE = Product("Plan móvil pospago", "Telecomunicaciones", 54_900, 0.44)
HOME_ENERGY = Product("Energía residencial", "Energía", 168_000, 0.44, varies=0.15)
HOME_CREDIT = Product("Crédito de libre inversión", "Consumo", 386_000, 1.0)
CONNECTIVITY = Product("Conectividad empresarial", "Empresas", 720_000, 1.19)
BUSINESS_ENERGY = Product("Energía comercial", "Empresas", 1_450_000, 1.19, varies=0.15)
WORKING_CAPITAL = Product("Crédito de capital de trabajo", "Empresas", 3_200_000, 1.19)

FOR_PERSONS = (
    ((INTERNET,), 26),
    ((MOBILE,), 14),
    ((INTERNET, MOBILE), 12),
    ((HOME_ENERGY,), 28),
    ((HOME_CREDIT,), 20),
)
"""What a household has, by weight; the first product names its portfolio."""
FOR_COMPANIES = (
    ((CONNECTIVITY,), 34),
    ((BUSINESS_ENERGY,), 30),
    ((WORKING_CAPITAL,), 20),
    ((CONNECTIVITY, BUSINESS_ENERGY), 16),
)


def bought(draw: Random, is_company: bool) -> tuple[Product, ...]:
    """The products of one customer."""
    offers = FOR_COMPANIES if is_company else FOR_PERSONS
    return draw.choices([products for products, _ in offers], [weight for _, weight in offers])[0]
