import {
  add,
  column,
  ifMissing,
  log1p,
  multiply,
  ratio,
  subtract,
  type Feature,
  type NumericExpression,
} from '../../features/expression.js';

function define(
  name: string,
  description: string,
  expression: NumericExpression,
  lookBackDays = 90,
): Feature {
  return { name, expression, description, owner: 'success', lookBackDays };
}

const known = (days: number): NumericExpression => column(`comments_known_${days}`);
const per = (total: string, days: number): NumericExpression =>
  ratio(column(`comments_${total}_${days}`), known(days));

/** Comments that what is known of a longer time is worth, where a window holds few. */
const priorComments = 5;

/** A mean of a short window, drawn toward that of 90 days the more the fewer comments there are. */
function shrunk(total: string, days: number): NumericExpression {
  const prior = multiply(priorComments, per(total, 90));
  const own = ifMissing(column(`comments_${total}_${days}`), 0);
  return ratio(add(own, prior), add(ifMissing(known(days), 0), priorComments));
}

const meanMood = per('mood', 90);

/** What the comments below the posts of a KOL say, as far as they are scored. */
export const commentFeatures: readonly Feature[] = [
  define('log_comments_known', 'Scored comments of 90 days, ln(1 + count)', log1p(known(90))),
  define('negative_share_90', 'Expected share of negative comments over 90 days', per('negative', 90)),
  ...[28, 7].map((days) =>
    define(
      `negative_share_${days}`,
      `The same over ${days} days, drawn toward that of 90`,
      shrunk('negative', days),
    ),
  ),
  ...[28, 7].map((days) =>
    define(
      `negative_trend_${days}`,
      `Share of negative comments over ${days} days less that over 90`,
      subtract(shrunk('negative', days), per('negative', 90)),
    ),
  ),
  define('comment_mood', 'Mean sentiment of the comments of 90 days, -1 to 1', meanMood),
  define(
    'comment_mood_trend',
    'Mean sentiment over 28 days less that over 90',
    subtract(shrunk('mood', 28), meanMood),
  ),
  define(
    'comment_volatility',
    'Variance of the sentiment of the comments of 90 days',
    subtract(per('mood_squares', 90), multiply(meanMood, meanMood)),
  ),
  define(
    'bad_hours_in_a_row',
    'Times that most comments of three hours on end were negative, over 28 days',
    column('comments_bad_runs_28'),
    28,
  ),
  define(
    'repeated_comments',
    'Share of comments whose words stand there more than once',
    per('repeated', 90),
  ),
  define('near_repeated_comments', 'Share of comments that nearly repeat another one', per('near', 90)),
  define(
    'spam_comments',
    'Expected share of spam among the comments of 90 days',
    ratio(column('comments_spam_90'), column('comments_spam_known_90')),
  ),
  define(
    'comment_languages',
    'Chance that two comments of 90 days are of different languages',
    subtract(1, ratio(per('language_squares', 90), known(90))),
  ),
];
