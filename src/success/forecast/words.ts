/** What the forecasters are for, and what they cannot know. */
export const forecastUse = {
  intended: [
    'Forecasts the daily figures of every KOL for the days to come, with intervals, to plan campaigns and to notice what departs from what was to be expected.',
  ],
  limits: [
    'It goes on from the past and the calendar: campaigns, scandals and changes of a platform that no history shows come as a surprise.',
    'Intervals hold on average over KOLs and days; for a single KOL of a short history they are a guess.',
    'KOLs that the training did not know are forecast from their history alone, by the blend of unknown KOLs.',
  ],
} as const;
