import {
  add,
  column,
  count,
  empty,
  entropy,
  equal,
  indicator,
  length,
  less,
  log,
  log1p,
  maximum,
  not,
  ratio,
  subtract,
  type Feature,
  type NumericExpression,
  type TextPattern,
} from '../features/expression.js';
import { requiredColumns } from '../features/required-columns.js';

const followers = column('followers_count');
const following = column('following_count');
const posts = column('post_count');
const favorites = column('favorites_count');
const age = column('account_age_days');
const network = add(followers, following);
const activity = add(posts, favorites);

function define(name: string, description: string, expression: NumericExpression): Feature {
  return { name, expression, description, owner: 'trust', lookBackDays: 0 };
}

/** ln((1 + left) / (1 + right)), as a difference. */
function logRatio(left: NumericExpression, right: NumericExpression): NumericExpression {
  return subtract(log1p(left), log1p(right));
}

/** ln(1 + total per day of age); an account younger than a day has lived for one. */
function logPerDay(total: NumericExpression): NumericExpression {
  return log1p(ratio(total, maximum(age, 1)));
}

/** 1 where a flag column is set; 0 where it is not, or missing. */
function isSet(flag: string): NumericExpression {
  return indicator(equal(column(flag), 1));
}

/** 1 where a flag column is known and not set. */
function isUnset(flag: string): NumericExpression {
  return indicator(equal(column(flag), 0));
}

function filledIn(text: string): NumericExpression {
  return indicator(not(empty(text)));
}

function sum(first: NumericExpression, ...rest: NumericExpression[]): NumericExpression {
  return rest.reduce((total, term) => add(total, term), first);
}

/** Matches of a pattern per code point of a text, 0 for an empty one. */
function share(text: string, pattern: TextPattern): NumericExpression {
  return ratio(count(text, pattern), maximum(length(text), 1));
}

const ownProfile = sum(isUnset('default_profile'), isUnset('default_profile_image'), isSet('geo_enabled'));

const sizes: readonly Feature[] = [
  define('log_followers', 'Followers, ln(1 + count)', log1p(followers)),
  define('log_following', 'Accounts followed, ln(1 + count)', log1p(following)),
  define('log_posts', 'Posts, ln(1 + count)', log1p(posts)),
  define('log_favorites', 'Favourites given, ln(1 + count)', log1p(favorites)),
  define('log_network', 'Followers and accounts followed together, ln(1 + count)', log1p(network)),
  define('log_activity', 'Posts and favourites together, ln(1 + count)', log1p(activity)),
];

const ages: readonly Feature[] = [
  define('account_age_days', 'Age of the account in days', age),
  define('log_account_age', 'Age of the account, ln(1 + days)', log1p(age)),
];

const rates: readonly Feature[] = [
  define('log_followers_per_day', 'Followers per day of age, ln(1 + rate)', logPerDay(followers)),
  define('log_following_per_day', 'Accounts followed per day of age, ln(1 + rate)', logPerDay(following)),
  define('log_posts_per_day', 'Posts per day of age, ln(1 + rate)', logPerDay(posts)),
  define('log_favorites_per_day', 'Favourites per day of age, ln(1 + rate)', logPerDay(favorites)),
  define('log_activity_per_day', 'Posts and favourites per day of age, ln(1 + rate)', logPerDay(activity)),
];

const balances: readonly Feature[] = [
  define(
    'log_followers_to_following',
    'Followers against followed, log ratio',
    logRatio(followers, following),
  ),
  define('log_favorites_to_posts', 'Favourites against posts, log ratio', logRatio(favorites, posts)),
  define('log_posts_to_followers', 'Posts against followers, log ratio', logRatio(posts, followers)),
  define(
    'log_favorites_to_followers',
    'Favourites against followers, log ratio',
    logRatio(favorites, followers),
  ),
  define('log_following_to_posts', 'Followed against posts, log ratio', logRatio(following, posts)),
  define(
    'log_favorites_to_following',
    'Favourites against followed, log ratio',
    logRatio(favorites, following),
  ),
  define('reputation', 'Followers as a share of followers and followed', ratio(followers, network)),
  define(
    'following_exceeds_followers',
    'Follows more accounts than follow it',
    indicator(less(followers, following)),
  ),
];

const flags: readonly Feature[] = [
  define('verified', 'The platform verified the account', column('verified')),
  define('default_profile', 'The profile theme was never changed', column('default_profile')),
  define('default_profile_image', 'The profile has the default picture', column('default_profile_image')),
  define('geo_enabled', 'The account lets its posts carry a place', column('geo_enabled')),
  define('has_followers', 'Has at least one follower', indicator(less(0, followers))),
  define('has_following', 'Follows at least one account', indicator(less(0, following))),
  define('has_posts', 'Has at least one post', indicator(less(0, posts))),
  define('has_favorites', 'Gave at least one favourite', indicator(less(0, favorites))),
  define('has_url', 'The profile names a web address', column('has_url')),
  define('has_bio', 'The profile has a biography', column('has_bio')),
  define('has_location', 'The profile names a place', filledIn('location')),
  define(
    'profile_completeness',
    'How many of three profile elements are set: own theme, own picture, place of posts',
    ownProfile,
  ),
  define(
    'profile_completeness_full',
    'How many of six profile elements are set: the three, web address, biography, place',
    sum(ownProfile, isSet('has_url'), isSet('has_bio'), filledIn('location')),
  ),
  define(
    'profile_texts',
    'How many of biography, place and display name are filled in',
    sum(filledIn('bio'), filledIn('location'), filledIn('display_name')),
  ),
];

const biographies: readonly Feature[] = [
  define('bio_length', 'Characters of the biography', length('bio')),
  define('bio_words', 'Words of the biography', count('bio', 'words')),
  define('bio_hashtags', 'Hashtags in the biography', count('bio', 'hashtags')),
  define('bio_mentions', 'Mentions in the biography', count('bio', 'mentions')),
  define('bio_links', 'Links in the biography', count('bio', 'links')),
  define('bio_emoji', 'Emoji in the biography', count('bio', 'emoji')),
  define('bio_digits', 'Digits in the biography', count('bio', 'digits')),
  define('bio_punctuation', 'Punctuation marks in the biography', count('bio', 'punctuation')),
  define('bio_letter_share', 'Letters as a share of the biography', share('bio', 'letters')),
  define('bio_entropy', 'Entropy of the first 64 characters of the biography, in nats', entropy('bio')),
];

const names: readonly Feature[] = [
  define('username_length', 'Characters of the user name', length('username')),
  define('username_digits', 'Digits in the user name', count('username', 'digits')),
  define('username_digit_share', 'Digits as a share of the user name', share('username', 'digits')),
  define('username_numbers', 'Numbers (runs of digits) in the user name', count('username', 'numbers')),
  define(
    'username_digits_per_number',
    'Mean length of the numbers in the user name: generated names end in long ones',
    ratio(count('username', 'digits'), maximum(count('username', 'numbers'), 1)),
  ),
  define('username_entropy', 'Entropy of the user name, in nats', entropy('username')),
  define('username_punctuation', 'Punctuation marks in the user name', count('username', 'punctuation')),
  define('display_name_length', 'Characters of the display name', length('display_name')),
  define('display_name_words', 'Words of the display name', count('display_name', 'words')),
  define('display_name_digits', 'Digits in the display name', count('display_name', 'digits')),
  define('display_name_emoji', 'Emoji in the display name', count('display_name', 'emoji')),
  define('display_name_punctuation', 'Punctuation in the display name', count('display_name', 'punctuation')),
  define('display_name_entropy', 'Entropy of the display name, in nats', entropy('display_name')),
  define(
    'log_display_name_to_username',
    'Length of the display name against the user name, log ratio',
    log(ratio(add(1, length('display_name')), add(1, length('username')))),
  ),
];

/**
 * Every row-level feature of an account. None reads an id: ids are given out in order, so they would stand in for
 * the age.
 */
export const trustFeatures: readonly Feature[] = [
  ...sizes,
  ...ages,
  ...rates,
  ...balances,
  ...flags,
  ...biographies,
  ...names,
];

/**
 * The features whose raw columns are all available, in their usual order.
 * @param availableColumns names of the columns that are there and not entirely null
 */
export function trustFeaturesFor(availableColumns: ReadonlySet<string>): readonly Feature[] {
  return trustFeatures.filter((feature) =>
    requiredColumns([feature]).every(({ name }) => availableColumns.has(name)),
  );
}

/**
 * The direction in which a feature may move the probability of being untrustworthy (label 1), all else equal. Domain
 * knowledge, fixed before any figure forward in time was seen: an audience, an audience for the age, an audience
 * beyond the accounts followed, and verification speak for an account; the default picture speaks against it.
 */
export const monotoneTrustSigns: Readonly<Record<string, 1 | -1>> = {
  log_followers: -1,
  log_followers_per_day: -1,
  reputation: -1,
  verified: -1,
  default_profile_image: 1,
};
