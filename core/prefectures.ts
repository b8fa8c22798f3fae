/** JIS X 0401: the first is 01, the last 47. No other number means a place. */
const NAMES = [
  ...['北海道', '青森県', '岩手県', '宮城県', '秋田県', '山形県', '福島県', '茨城県', '栃木県', '群馬県'],
  ...['埼玉県', '千葉県', '東京都', '神奈川県', '新潟県', '富山県', '石川県', '福井県', '山梨県', '長野県'],
  ...['岐阜県', '静岡県', '愛知県', '三重県', '滋賀県', '京都府', '大阪府', '兵庫県', '奈良県', '和歌山県'],
  ...['鳥取県', '島根県', '岡山県', '広島県', '山口県', '徳島県', '香川県', '愛媛県', '高知県', '福岡県'],
  ...['佐賀県', '長崎県', '熊本県', '大分県', '宮崎県', '鹿児島県', '沖縄県'],
]

const BY_CODE: ReadonlyMap<string, string> = new Map(
  NAMES.map((name, index) => [String(index + 1).padStart(2, '0'), name]),
)

/** The name of a prefecture by its two digits. */
export function prefectureName(code: string): string | undefined {
  return BY_CODE.get(code)
}

/** The two digits of the prefecture that an address begins with. */
export function prefectureOf(address: string): string | undefined {
  for (const [code, name] of BY_CODE) if (address.startsWith(name)) return code
  return undefined
}
