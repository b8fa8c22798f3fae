import { equal } from 'node:assert/strict'
import { hasCheckDigit } from '../../core/check-digit.js'
import { addressSearchForm, searchForm } from '../../core/normalise.js'
import { dateInName } from '../../feeds/as-of.js'

describe('the form in which a name is searched', () => {
  for (const [one, other] of [
    ['医療法人　架空会　　架空病院', '医療法人架空会架空病院'],
    ['髙橋クリニック', '高橋クリニック'],
    ['齊藤医院', '斉藤医院'],
    ['𠮷田齒科', '吉田齒科'],
    ['渡邉／渡邊', '渡辺／渡辺'],
    ['ｸﾘﾆｯｸ ﾊﾟﾊﾟ', 'クリニックパパ'],
    ['さくら・こども', 'サクラコドモ'],
    ['クリニ－ク', 'クリニーク'],
    ['霞が関眼科', '霞ヶ関眼科'],
    ['皮フ科', '皮膚科'],
    ['附属', '付属'],
    ['ＡＢＣ　Ｃｌｉｎｉｃ', 'abcclinic'],
  ] as const)
    it(`is the same for ${one} and ${other}`, () => equal(searchForm(one), searchForm(other)))

  for (const [one, other] of [
    ['ガン', 'カン'],
    ['クリニック', 'クリニーク'],
    ['第1', '第11'],
  ] as const)
    it(`differs for ${one} and ${other}`, () => equal(searchForm(one) === searchForm(other), false))

  it('is the form of itself', () => {
    for (const name of ['医療法人　髙橋ー１－２クリニ－ク', '霞が関・さいとう'])
      equal(searchForm(searchForm(name)), searchForm(name))
  })
})

describe('the form in which an address is searched', () => {
  for (const [address, prefecture, expected] of [
    ['北海道札幌市中央区南１条西１６丁目２９１番地', '01', '北海道札幌市中央区南1条西16-291'],
    ['新宿区架空町二丁目８番１号', '13', '東京都新宿区架空町2-8-1'],
    ['東京都新宿区架空町2ー8‐1', '13', '東京都新宿区架空町2-8-1'],
    ['沖縄県糸満市字架空４０６番地の１', '47', '沖縄県糸満市架空406-1'],
    ['架空市大字架空１の２', '11', '埼玉県架空市架空1-2'],
    ['港区架空十二丁目３番　架空ビル２号室', '13', '東京都港区架空12-3-架空ビル2号室'],
    ['京都市架空町二十三丁目', '26', '京都府京都市架空町23'],
  ] as const)
    it(`is ${expected} for ${address}`, () => equal(addressSearchForm(address, prefecture), expected))
})

describe('a check digit', () => {
  it('counts prefecture and 点数表, but not in 埼玉, 千葉, 東京 and 神奈川', () => {
    for (const code of ['0110113719', '0130100019', '1339900010', '1319900010'])
      equal(hasCheckDigit(code), true, code)
    for (const code of ['0110113718', '0110100019', '1339900011', '2739900010'])
      equal(hasCheckDigit(code), false, code)
  })
})

describe('the date in the name of a file', () => {
  for (const [name, expected] of [
    ['01-1_hospital_facility_info_20241201.zip', '2024-12-01'],
    ['05_pharmacy_20260601.csv.zip', '2026-06-01'],
    ['ika_202409.csv.gz', '2024-09-01'],
    ['e-gov20251201.zip/01-1_hospital_facility_info_20251201.csv', '2025-12-01'],
    ['data_20261301.csv', undefined],
    ['data_123456.csv', undefined],
    ['data.csv', undefined],
  ] as const)
    it(`is ${expected ?? 'none'} in ${name}`, () => equal(dateInName(name), expected))
})
