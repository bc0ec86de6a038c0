"""What goes over the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

MAX_KOLS = 1_000
MAX_HISTORY = 2_000

KolId = Annotated[StrictStr, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
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
    )


class ScoreRequest(Strict):
    kols: list[Kol] = Field(min_length=1, max_length=MAX_KOLS)


class Score(BaseModel):
    kol_id: str
    status: Literal["scored", "unknown_kol", "unavailable", "unusable"] = Field(
        description="unavailable: the stores that may know the KOL are down; unusable: a stored value has a wrong type"
    )
    trust_score: float | None = None
    trust_probability: float | None = None
    success_score: float | None = None
    success_probability: float | None = None
    expected_value: float | None = Field(
        default=None,
        description="Expected revenue times the probability of trust; 0 below the trust threshold",
    )
    reason_codes: list[str] = Field(default_factory=list)
    model_versions: dict[str, str] = Field(default_factory=dict, description="Which version answered, by model")
    features_from: Literal["request", "cache", "cassandra", "trino"] | None = None
    not_scored: dict[str, str] = Field(default_factory=dict, description="Models that said nothing, and why")


class ScoreResponse(BaseModel):
    scores: list[Score]
    degraded: list[str] = Field(description="What was down while this was answered; empty: nothing")


class Series(Strict):
    kol_id: KolId
    history: list[Number | None] = Field(
        min_length=1,
        max_length=MAX_HISTORY,
        description="A value a day, the latest last; null for a missing day",
    )
    start: int = Field(
        strict=True, ge=-25_000, le=50_000, description="First day to forecast, in days since 1970-01-01"
    )


class ForecastRequest(Strict):
    metric: Annotated[StrictStr, Field(max_length=60)]
    series: list[Series] = Field(min_length=1, max_length=MAX_KOLS)


class Forecast(BaseModel):
    kol_id: str
    start: int
    values: dict[str, list[float | None]] = Field(description="Outputs of the model by name, a value a day")


class ForecastResponse(BaseModel):
    forecasts: list[Forecast]
    model: str
    model_version: str
    degraded: list[str]


class ModelHealth(BaseModel):
    version: str
    sha256: str
    age_seconds: float = Field(description="Since it was loaded")
    canary_share: float
    golden_difference: float | None = Field(description="From the golden batches of its release")


class Health(BaseModel):
    status: Literal["ok", "degraded", "unavailable"]
    models: dict[str, dict[str, ModelHealth]] = Field(description="By model and alias")
    refused: dict[str, str] = Field(description="Versions that are not served, and why")
    registry: str
    stores: dict[str, str]


class Problem(BaseModel):
    detail: str = Field(description="What is wrong, and how to mend it")
