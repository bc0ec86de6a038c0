"""What goes over the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

MAX_KOLS = 1_000
MAX_HISTORY = 2_000

KolId = Annotated[
    StrictStr,
    Field(
        min_length=1, max_length=200, pattern=r"^[^\x00]+$", description="As in the lakehouse", examples=["kol-000001"]
    ),
]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Text = Annotated[StrictStr, Field(max_length=100_000)]
Raw = StrictBool | StrictInt | Number | Text | None


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Kol(Strict):
    kol_id: KolId
    features: dict[str, Raw] | None = Field(
        default=None,
        min_length=1,
        max_length=500,
        description="Raw columns as model.json names them; left out, they are looked up. null: unknown.",
        examples=[{"followers_count": 15200, "following_count": 310, "bio": "Làm đẹp mỗi ngày", "verified": None}],
    )


class ScoreRequest(Strict):
    kols: list[Kol] = Field(
        min_length=1, max_length=MAX_KOLS, description="Answered in this order", examples=[[{"kol_id": "kol-000001"}]]
    )


class Score(BaseModel):
    kol_id: str
    status: Literal["scored", "unknown_kol", "unavailable", "unusable"] = Field(
        description="unavailable: the stores that may know the KOL are down; unusable: a stored value has a wrong type"
    )
    trust_score: float | None = Field(default=None, description="0 to 100")
    trust_probability: float | None = Field(default=None, description="That the account is genuine, calibrated")
    success_score: float | None = Field(default=None, description="0 to 100")
    success_probability: float | None = Field(default=None, description="That a campaign succeeds, calibrated")
    expected_value: float | None = Field(
        default=None,
        description="Expected revenue times the probability of trust; 0 below the trust threshold",
    )
    reason_codes: list[str] = Field(
        default_factory=list, description="LOW_TRUST, and those of the nightly scoring where the KOL was looked up"
    )
    model_versions: dict[str, str] = Field(default_factory=dict, description="Which version answered, by model")
    features_from: Literal["request", "cache", "cassandra", "trino"] | None = Field(
        default=None, description="Where the raw columns came from; null: from nowhere"
    )
    not_scored: dict[str, str] = Field(default_factory=dict, description="Models that said nothing, and why")


class ScoreResponse(BaseModel):
    scores: list[Score] = Field(description="One for each of `kols`, in their order")
    degraded: list[str] = Field(description="What was down while this was answered; empty: nothing")


class Series(Strict):
    kol_id: KolId
    history: list[Number | None] = Field(
        min_length=1,
        max_length=MAX_HISTORY,
        description="A value a day, the latest last; null for a missing day. Values below 0 count as 0",
        examples=[[1200, 1350, None, 980]],
    )
    start: int = Field(
        strict=True, ge=-25_000, le=50_000, description="First day to forecast, in days since 1970-01-01"
    )


class ForecastRequest(Strict):
    metric: Annotated[StrictStr, Field(max_length=60, description="What is forecast", examples=["views"])]
    series: list[Series] = Field(min_length=1, max_length=MAX_KOLS, description="Answered in this order")


class Forecast(BaseModel):
    kol_id: str
    start: int
    values: dict[str, list[float | None]] = Field(description="Outputs of the model by name, a value a day")


class ForecastResponse(BaseModel):
    forecasts: list[Forecast]
    model: str = Field(description="The registered model that answered", examples=["kol-forecast-views"])
    model_version: str = Field(description="The one version of all forecasts of this answer")
    degraded: list[str] = Field(description="What was down while this was answered; empty: nothing")


class ModelHealth(BaseModel):
    version: str = Field(description="In the registry")
    sha256: str = Field(description="Of model.onnx")
    age_seconds: float = Field(description="Since it was loaded")
    canary_share: float = Field(description="Share of the KOLs that this version scores as a canary, 0 to 1")
    golden_difference: float | None = Field(description="From the golden batches of its release")


class Health(BaseModel):
    status: Literal["ok", "degraded", "unavailable"] = Field(
        description="degraded: something is down or refused, scores are given; unavailable: none are"
    )
    models: dict[str, dict[str, ModelHealth]] = Field(description="By model and alias")
    refused: dict[str, str] = Field(description="Versions that are not served, and why")
    registry: str = Field(description="ok, none configured, not asked yet, or down: why")
    stores: dict[str, str] = Field(description="ok or down, by store")


class Problem(BaseModel):
    detail: str = Field(
        description="What is wrong, and how to mend it",
        examples=["kols.0.features: kol-trust lacks followers_count; send null for what is unknown"],
    )
