interface Told {
  readonly ja: string
  readonly en: string
}

/** Data that is published again and again, each time as of a date. */
export interface Publication {
  readonly title: Told
  /** What is to stand where the data is shown: the licence (PDL1.0) asks for the source, and for saying that it was worked on. */
  readonly attribution: Told | undefined
  /** When the next is to be expected; undefined: nobody says. */
  readonly calendar: Calendar | undefined
}

interface Calendar {
  /** The months on whose first day the data is taken. */
  readonly months: readonly number[]
  /** How many days after its date data is late. */
  readonly graceDays: number
}

const IRYOJOHONET_PAGE =
  'https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/kenkou_iryou/iryou/newpage_43373.html'

/** By the name that their forms of files give. */
export const PUBLICATIONS: Readonly<Record<string, Publication>> = {
  iryojohonet: {
    title: { ja: '医療情報ネット（ナビイ）オープンデータ', en: 'Open data of 医療情報ネット (Navii)' },
    attribution: {
      ja: `出典：厚生労働省「医療情報ネット（ナビイ）オープンデータ」（${IRYOJOHONET_PAGE}、PDL1.0）を加工して作成`,
      en: `Source: open data of 医療情報ネット (Navii), Ministry of Health, Labour and Welfare of Japan (${IRYOJOHONET_PAGE}, PDL1.0), processed`,
    },
    // It comes some weeks after its date, on no day that is promised.
    calendar: { months: [6, 12], graceDays: 60 },
  },
  kouseikyoku: {
    title: {
      ja: 'コード内容別医療機関一覧表',
      en: 'Lists of medical institutions by code (コード内容別医療機関一覧表)',
    },
    attribution: {
      ja: '出典：地方厚生局「コード内容別医療機関一覧表」（PDL1.0）を加工して作成',
      en: 'Source: lists of medical institutions by code (コード内容別医療機関一覧表), Regional Bureaus of Health and Welfare of Japan (PDL1.0), processed',
    },
    // Each of the eight bureaus publishes on a day of its own, in the weeks after the date.
    calendar: { months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], graceDays: 45 },
  },
  csv: { title: { ja: '自作の CSV', en: 'CSV of your own' }, attribution: undefined, calendar: undefined },
}

/**
 * The dates of the data that should have come by today, after what there is and before what is still awaited.
 * @param asOf the date of what there is, `2026-06-01`
 */
export function missedSince(name: string, asOf: string, today: string): readonly string[] {
  const calendar = PUBLICATIONS[name]?.calendar
  if (calendar === undefined) return []
  const missed: string[] = []
  for (
    let next = nextDate(calendar.months, asOf);
    plusDays(next, calendar.graceDays) < today;
    next = nextDate(calendar.months, next)
  )
    missed.push(next)
  return missed
}

function nextDate(months: readonly number[], asOf: string): string {
  const [year, month] = [Number(asOf.slice(0, 4)), Number(asOf.slice(5, 7))]
  const later = months.find((one) => one > month)
  return dayOf(Date.UTC(later === undefined ? year + 1 : year, (later ?? months[0] ?? 1) - 1))
}

function plusDays(date: string, days: number): string {
  return dayOf(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS)
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

const DAY_MS = 86_400_000
