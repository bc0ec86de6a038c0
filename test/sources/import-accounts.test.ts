import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importAccounts } from '../../src/sources/import-accounts.js';
import { trustTrainingSchema } from '../../src/sources/trust-training.js';
import { failure, fileWith, scratchFolder, sql } from './scratch.js';

const folder = scratchFolder();
const lakehouse = join(folder, 'lake');
const stored = join(lakehouse, 'kol_gold', 'ml_trust_training', '*.parquet');

const header =
  'Unnamed: 0,created_at,default_profile,default_profile_image,description,favourites_count,followers_count,friends_count,geo_enabled,id,lang,location,screen_name,statuses_count,verified,account_age_days,account_type';
const good = [
  '1,2010-10-15 16:44:10,False,False,"Xin chào, https://example.com",656,136765,42901,True,796216118331310080,vi,unknown,chao,163881,True,3595,1',
  '2,2015-01-01 00:00:00,True,True,,0,3,4,False,796216118331310081,en,Hà Nội,bot9,5,False,2057,0',
];
const write = (lines: readonly string[], name = 'accounts.csv') =>
  fileWith(folder, name, `${lines.join('\n')}\n`);
const importing = (lines: readonly string[]) =>
  failure(() => importAccounts({ input: write(lines, 'bad.csv'), lakehouse }));

describe('importAccounts', () => {
  it('maps the public columns, in place of what was there', async () => {
    await importAccounts({ input: write([header, good[1]]), lakehouse });
    const result = await importAccounts({ input: write([header, ...good]), lakehouse });
    expect(result).toEqual({ nRows: 2, nUntrustworthy: 1, rejected: 0, nullColumns: ['display_name'] });
    const names = trustTrainingSchema.map(({ name }) => name);
    expect((await sql(`DESCRIBE SELECT * FROM '${stored}'`)).map((row) => row[0])).toEqual(names);
    const rows = await sql(`SELECT * FROM '${stored}'`);
    expect(rows.map((row) => Object.fromEntries(row.map((value, j) => [names[j], value])))).toEqual([
      {
        kol_id: '796216118331310080',
        platform: 'twitter',
        as_of: '2020-08-19 00:00:00',
        followers_count: '136765',
        following_count: '42901',
        post_count: '163881',
        favorites_count: '656',
        verified: true,
        default_profile: false,
        default_profile_image: false,
        has_url: true,
        has_bio: true,
        geo_enabled: true,
        lang: 'vi',
        location: null,
        account_age_days: '3595',
        bio: 'Xin chào, https://example.com',
        username: 'chao',
        display_name: null,
        label: '1',
        label_source: 'twitter-human-bots',
      },
      {
        kol_id: '796216118331310081',
        platform: 'twitter',
        as_of: '2020-08-19 00:00:00',
        followers_count: '3',
        following_count: '4',
        post_count: '5',
        favorites_count: '0',
        verified: false,
        default_profile: true,
        default_profile_image: true,
        has_url: false,
        has_bio: false,
        geo_enabled: false,
        lang: 'en',
        location: 'Hà Nội',
        account_age_days: '2057',
        bio: null,
        username: 'bot9',
        display_name: null,
        label: '0',
        label_source: 'twitter-human-bots',
      },
    ]);
    expect(readdirSync(lakehouse)).toEqual(['kol_gold']);
    expect(readdirSync(join(lakehouse, 'kol_gold'))).toEqual(['ml_trust_training']);
  });

  it('leaves null what the file does not know, and makes ids by position', async () => {
    const input = write([
      'followers_count,friends_count,statuses_count,account_type',
      '1,2,3,bot',
      '4,5,6,human',
    ]);
    const result = await importAccounts({
      input,
      lakehouse,
      asOf: Date.UTC(2026, 0, 1),
      labelSource: 'ours',
    });
    expect(result.nullColumns).toContain('has_bio');
    expect(result.nullColumns).toContain('account_age_days');
    expect(
      await sql(
        `SELECT kol_id, label, has_bio, has_url, account_age_days, as_of::VARCHAR, label_source FROM '${stored}'`,
      ),
    ).toEqual([
      ['acct-000001', '1', null, null, null, '2026-01-01 00:00:00', 'ours'],
      ['acct-000002', '0', null, null, null, '2026-01-01 00:00:00', 'ours'],
    ]);
  });

  it('takes the age from the time of creation where only that is known', async () => {
    const input = write([
      'created_at,followers_count,friends_count,statuses_count,label',
      '2020-08-09 12:00:00,1,2,3,1',
    ]);
    await importAccounts({ input, lakehouse });
    expect(await sql(`SELECT account_age_days FROM '${stored}'`)).toEqual([['9']]);
  });

  it('names what is missing or wrong and leaves the table as it was', async () => {
    await importAccounts({ input: write([header, ...good]), lakehouse });
    expect(await importing(['followers_count,statuses_count,account_type', '1,2,bot'])).toMatch(
      /^DataError: .*bad\.csv: column friends_count or following_count is missing/,
    );
    const counts = 'id,followers_count,friends_count,statuses_count,account_type';
    expect(await importing([counts, '1,1,1,1,bot', '2,1,1,1,cyborg'])).toMatch(
      /row 2: column account_type holds "cyborg", expected bot or human/,
    );
    expect(await importing([counts, '1,1,1,1,'])).toMatch(/row 1: column account_type is missing/);
    expect(await importing([counts, '1,-1,1,1,bot'])).toMatch(
      /row 1: column followers_count holds "-1", expected a whole number/,
    );
    expect(await importing([counts, '1,1.5,1,1,bot'])).toMatch(/expected a whole number/);
    expect(await importing([counts, '1,x,1,1,bot'])).toMatch(
      /line 2: column followers_count holds "x", expected a number/,
    );
    expect(await importing([counts, '7,1,1,1,bot', '8,1,1,1,bot', '7,1,1,1,bot'])).toMatch(
      /row 3: column id holds "7", expected each id once \(it is also in row 1\)/,
    );
    expect(await importing([counts, ',1,1,1,bot'])).toMatch(/row 1: column id is missing/);
    expect(await sql(`SELECT count(*), sum(followers_count) FROM '${stored}'`)).toEqual([['2', '136768']]);
    expect(readdirSync(lakehouse)).toEqual(['kol_gold']);
  });

  it('leaves nothing behind where there was nothing', async () => {
    const fresh = join(folder, 'fresh');
    await failure(() => importAccounts({ input: write(['a,b', '1,2'], 'bad.csv'), lakehouse: fresh }));
    expect(existsSync(join(fresh, 'kol_gold'))).toBe(false);
  });
});
