import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type Institution, institutions } from './institutions.js'

interface Column {
  readonly type: string
  readonly comment: string
}

/** In the table's order; the fields of `Institution` and nothing else. */
const columns = {
  medical_id: {
    type: 'text primary key',
    comment: 'ID（医療情報ネットの医療機関ID。桁数・書式は都道府県により異なる）',
  },
  institution_type: {
    type: 'smallint not null check (institution_type between 1 and 5)',
    comment: '機関区分（1 病院、2 診療所、3 歯科診療所、4 助産所、5 薬局）',
  },
  name: { type: 'text not null', comment: '正式名称' },
  name_kana: { type: 'text not null', comment: '正式名称（フリガナ）' },
  short_name: { type: 'text', comment: '略称' },
  name_romaji: { type: 'text', comment: '英語表記（ローマ字表記）' },
  prefecture_code: { type: 'text not null', comment: '都道府県コード（2桁）' },
  city_code: { type: 'text not null', comment: '市区町村コード（3桁）' },
  postal_code: { type: 'text not null', comment: '郵便番号' },
  address: { type: 'text not null', comment: '所在地' },
  latitude: { type: 'numeric(9,6)', comment: '所在地座標（緯度）' },
  longitude: { type: 'numeric(9,6)', comment: '所在地座標（経度）' },
  phone: { type: 'text', comment: '電話番号' },
  url: { type: 'text', comment: '案内用ホームページアドレス' },
  open_monday: { type: 'smallint', comment: '毎週決まった曜日に休診（月）：1 診療、0 休診、空欄 未報告' },
  open_tuesday: { type: 'smallint', comment: '毎週決まった曜日に休診（火）：1 診療、0 休診、空欄 未報告' },
  open_wednesday: { type: 'smallint', comment: '毎週決まった曜日に休診（水）：1 診療、0 休診、空欄 未報告' },
  open_thursday: { type: 'smallint', comment: '毎週決まった曜日に休診（木）：1 診療、0 休診、空欄 未報告' },
  open_friday: { type: 'smallint', comment: '毎週決まった曜日に休診（金）：1 診療、0 休診、空欄 未報告' },
  open_saturday: { type: 'smallint', comment: '毎週決まった曜日に休診（土）：1 診療、0 休診、空欄 未報告' },
  open_sunday: { type: 'smallint', comment: '毎週決まった曜日に休診（日）：1 診療、0 休診、空欄 未報告' },
  open_holidays: { type: 'smallint', comment: '祝日に休診：1 診療、0 休診、空欄 未報告' },
  opening_hours: { type: 'jsonb', comment: '診療時間（曜日ごとの時間帯）' },
  beds_general: { type: 'integer', comment: '一般病床（空欄は未報告。0床ではない）' },
  beds_total: { type: 'integer', comment: '合計病床数' },
  is_emergency: { type: 'boolean not null', comment: '救急告示病院' },
  remarks: { type: 'text', comment: '備考（改行は「（改行）」と表記）' },
  opened_on: { type: 'date', comment: '開設年月日' },
  founder_name: { type: 'text not null', comment: '開設者氏名（個人情報。社外へ出さないこと）' },
  updated_at: { type: 'timestamptz not null', comment: '更新日時' },
} as const satisfies Readonly<Record<keyof Institution, Column>>

const names = Object.keys(columns) as readonly (keyof Institution)[]

/**
 * Makes `public.master_medical_orgs` with its comments, filled with `rows` made-up institutions. Where the table
 * has rows already nothing happens. 120,000 rows: about 3 s, streamed; one COPY, so all of them or none.
 */
export async function createRegister(client: Client, options: { readonly rows: number }): Promise<void> {
  await client.query(definition)
  const { rowCount } = await client.query('select from public.master_medical_orgs limit 1')
  if (rowCount !== 0) return
  await copyIn(client, institutions(options.rows))
  await client.query('analyze public.master_medical_orgs')
}

/** Adds institutions to the register; throws on an id that is there already. */
export async function copyIn(client: Client, rows: Iterable<Institution>): Promise<void> {
  const copy = copyFrom(`copy public.master_medical_orgs (${names.join(', ')}) from stdin`)
  await pipeline(Readable.from(inChunks(rows), { objectMode: false }), client.query(copy))
}

const definition = [
  `create table if not exists public.master_medical_orgs (`,
  Object.entries(columns)
    .map(([name, { type }]) => `  ${name} ${type}`)
    .join(',\n'),
  `);`,
  `comment on table public.master_medical_orgs is '厚生労働省 医療機関マスタ（医療情報ネットの形式。架空のデータ）';`,
  ...Object.entries(columns).map(
    ([name, { comment }]) => `comment on column public.master_medical_orgs.${name} is '${comment}';`,
  ),
].join('\n')

/** COPY's text format, in pieces big enough that the stream costs nothing beside the rows. */
function* inChunks(rows: Iterable<Institution>): Generator<string> {
  let chunk = ''
  for (const row of rows) {
    chunk += names.map((name) => copyText(row[name])).join('\t') + '\n'
    if (chunk.length > 64 * 1024) {
      yield chunk
      chunk = ''
    }
  }
  yield chunk
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function copyText(value: Institution[keyof Institution]): string {
  if (value === null) return '\\N'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character)
}
