/** What is judged. */
export type GateTask = 'binary' | 'multiclass' | 'regression' | 'forecast';

/** The error of a forecast. */
export type ForecastCriterion = 'mase' | 'rmsse';
