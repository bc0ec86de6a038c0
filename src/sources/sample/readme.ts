/** What the sample lakehouse says about itself. */
export function sampleReadme(seed: number, nKols: number): string {
  return `# Sample lakehouse

Written by \`kol sample\` with seed ${seed}: ${nKols} simulated KOLs over two years (2024-11-01 to 2026-10-31, UTC), and the
real accounts of kol_gold.ml_trust_training. The same seed gives the same tables.

## What is real

kol_gold.ml_trust_training: 33,694 public Twitter accounts observed on 2020-08-19, labelled bot (1) or human (0), in
shuffled order. \`kol_id\` is the row's position and means nothing. Names, bios, languages and locations are unknown, so
null; \`has_bio\` and \`has_url\` too. These accounts are not the simulated KOLs.

## The causal story of the rest

Two hidden causes stand behind each KOL, and no column holds them:

- trust: 22 % buy followers and likes. Bought followers arrive in bursts of 15 to 75 % of the audience on one day, bring no
  views, comments or orders, and 60 % of them are purged with a half-life of 45 days. Buyers have bought likes without
  conversations, empty repeated comments, more renamings, spam in the bio, and convert fewer clicks into orders.
- talent: raises reach, likes, clicks, conversion, growth and the mood of the comments.

The calendar multiplies: weekends (+25 % views), a yearly wave, sale days 9.9, 10.10, 11.11 and 12.12 (conversion x 3,
views x 1.8), three weeks of shopping before Tet (x 1.6), rest in the week after it (conversion x 0.35, posts x 0.4). Tet
moves with the moon: 2025-01-29, 2026-02-17, 2027-02-06. Posts draw views for a few days; form wanders slowly
(autocorrelation 0.97 a day). 6 % of KOLs fall silent at some time, 12 % join late.

Campaign fees follow the visible follower count; sales follow the real audience, talent and trust.

## Traps, on purpose

| trap | where |
|---|---|
| rows written after the event, 3 % of them days later: use \`processed_at <= T\` as well as the event time | every silver table |
| the same row delivered twice, with a later \`processed_at\` | every silver table |
| first a figure 40 % too low, corrected three days later by a second row: take the latest that was known at T | kol_daily_metrics |
| days without a row (0.4 %), null views (0.5 %), KOLs whose clicks, orders and revenue are not tracked (10 %) | kol_daily_metrics |
| counts of a post are those of one to three days after posting, not of the moment of posting | kol_content |
| profiles change: join by \`valid_from\` and \`valid_to\`, not the current row | kol_profiles, dim_kol |
| campaigns that still run have no figures | kol_campaigns |
| follower jumps that are bought, not earned | kol_daily_metrics |
| 6 % wrong labels, negations, Vietnamese without marks | ml_text_sentiment |
| 3 % wrong labels, spam that praises and spam that sells | ml_text_spam |
| labels in creation-day bursts: hold out by account age | ml_trust_training |
`;
}
