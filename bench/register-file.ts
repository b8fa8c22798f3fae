import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { institutions, type Institution } from '../local/register/institutions.js'

const DAYS = ['月', '火', '水', '木', '金', '土', '日'] as const
const WEEKDAYS = [
  'open_monday',
  'open_tuesday',
  'open_wednesday',
  'open_thursday',
  'open_friday',
  'open_saturday',
  'open_sunday',
] as const satisfies readonly (keyof Institution)[]

/** The 65 columns of the ministry's file of hospitals, each with what a made-up institution has for it. */
const COLUMNS: readonly (readonly [header: string, value: (one: Institution) => string | number | null])[] = [
  ['ID', (one) => one.medical_id.padEnd(5, '0')],
  ['正式名称', (one) => one.name],
  ['正式名称（フリガナ）', (one) => one.name_kana],
  ['略称', (one) => one.short_name],
  ['略称（フリガナ）', () => null],
  ['英語表記（ローマ字表記）', (one) => one.name_romaji],
  ['機関区分', () => 1],
  ['都道府県コード', (one) => one.prefecture_code],
  ['市区町村コード', (one) => one.city_code],
  ['所在地', (one) => one.address],
  ['所在地座標（緯度）', (one) => one.latitude ?? '0.0'],
  ['所在地座標（経度）', (one) => one.longitude ?? '0.0'],
  ['案内用ホームページアドレス', (one) => one.url],
  ...WEEKDAYS.map(
    (day, index) =>
      [`毎週決まった曜日に休診（${DAYS[index] ?? ''}）`, (one: Institution) => one[day]] as const,
  ),
  ...[1, 2, 3, 4, 5].flatMap((week) =>
    DAYS.map((day) => [`決まった週に休診（定期週）第${week}週（${day}）`, () => null] as const),
  ),
  ['祝日に休診', (one) => one.open_holidays],
  ['その他の休診日（gw、お盆等）', () => null],
  ['一般病床', (one) => one.beds_general],
  ...[
    '療養病床',
    '療養病床のうち医療保険適用',
    '療養病床のうち介護保険適用',
    '精神病床',
    '結核病床',
    '感染症病床',
  ].map((name) => [name, () => null] as const),
  ['合計病床数', (one) => one.beds_total],
]

export const HEADERS: readonly string[] = COLUMNS.map(([header]) => header)

/** Writes a file as published: quoted but for coordinates. Every twentieth name has `suffix` behind it. */
export async function writeRegister(path: string, rows: number, suffix: string): Promise<void> {
  await pipeline(Readable.from(linesOf(rows, suffix)), createWriteStream(path))
}

function* linesOf(rows: number, suffix: string): Generator<string> {
  yield `\ufeff${HEADERS.map(quoted).join(',')}\n`
  let number = 0
  let chunk = ''
  for (const one of institutions(rows)) {
    const named = number++ % 20 === 0 ? { ...one, name: `${one.name}${suffix}` } : one
    chunk += `${COLUMNS.map(([header, value]) => written(header, value(named))).join(',')}\n`
    if (number % 1000 !== 0) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

function written(header: string, value: string | number | null): string {
  const text = value === null ? '' : String(value)
  return header.startsWith('所在地座標') ? text : quoted(text)
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
