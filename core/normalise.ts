import { prefectureName, prefectureOf } from './prefectures.js'

/** Goes up whenever a form below comes out otherwise: stored forms are then made anew. */
export const NORMALISE_VERSION = 1

/**
 * Old and personal forms of kanji that NFKC leaves apart, each before the one in common use, as names of institutions
 * have them; 附 and 付 are written for each other.
 */
const VARIANTS =
  '澤沢 髙高 﨑崎 嵜崎 碕崎 嶋島 嶌島 廣広 齋斎 齊斉 櫻桜 國国 德徳 邉辺 邊辺 濱浜 濵浜 瀨瀬 眞真 惠恵 榮栄 龍竜 瀧滝 澁渋 圓円 壽寿 ' +
  '會会 學学 醫医 藥薬 鐵鉄 關関 豐豊 寶宝 實実 與与 萬万 彌弥 應応 條条 淺浅 舘館 峯峰 冨富 來来 驛駅 區区 縣県 靜静 戶戸 禮礼 靈霊 ' +
  '黑黒 晉晋 淸清 𠮷吉 附付'

const COMMON: ReadonlyMap<string, string> = new Map(
  VARIANTS.split(' ').map((pair) => {
    const [old = '', common = ''] = pair
    return [old, common]
  }),
)

const OLD = new RegExp(`[${[...COMMON.keys()].join('')}]`, 'gu')

/**
 * The form in which names and readings are searched, of what is stored as of what is typed: width, case, blanks, ひらがな and
 * カタカナ, old kanji, hyphens, ・, and the small ヶ of place names aside.
 */
export function searchForm(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s・·]/gu, '')
    .replaceAll(/[ぁ-ゖ]/gu, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60))
    .replaceAll(OLD, (kanji) => COMMON.get(kanji) ?? kanji)
    .replaceAll('皮フ', '皮膚')
    .replaceAll(/(?<=\p{Script=Han})[ヶケガヵカ](?=\p{Script=Han})/gu, 'ケ')
    .replaceAll(/[‐-―−]/gu, '-')
    .replaceAll(/(?<=[ァ-ヺー])-/gu, 'ー')
    .replaceAll(/(?<=\d)ー(?=\d)/gu, '-')
}

/**
 * The form in which addresses are searched and compared: as names, and with the prefecture in front, digits for the number of
 * a 丁目, and hyphens for 丁目, 番地, 番 and 号. 大字 and 字 are left out.
 */
export function addressSearchForm(address: string, prefecture: string): string {
  const whole =
    prefectureOf(address) === undefined ? `${prefectureName(prefecture) ?? ''}${address}` : address
  return searchForm(whole)
    .replaceAll(/[一二三四五六七八九十]+(?=丁目)/gu, arabic)
    .replaceAll(/(?<=[市区町村])(?:大字|字)/gu, '')
    .replaceAll(/(?<=\d)(?:丁目|番地[ノ之]?|番|号(?!室)|[ノ之](?=\d))/gu, '-')
    .replaceAll(/-+(?=-|$)/gu, '')
}

/** 一 to 九十九, as numbers of a 丁目 are written. */
function arabic(kanji: string): string {
  const [tens, ones] = kanji.includes('十') ? kanji.split('十') : ['', kanji]
  const digit = (text: string | undefined): number => ' 一二三四五六七八九'.indexOf(text?.[0] ?? ' ')
  const ten = kanji.includes('十') ? (tens === '' ? 1 : digit(tens)) : 0
  return String(ten * 10 + digit(ones))
}
