/**
 * What may be said of a place in a published file. `row`: the record is not taken over · `warning`: it is, as it stands or
 * without the value.
 */
export const FINDINGS = {
  RECORD_UNREADABLE: {
    severity: 'row',
    en: 'quotes do not pair, so that the values cannot be told apart',
    ja: '引用符の対応が取れず、値を区切れません',
  },
  RECORD_RAGGED: {
    severity: 'row',
    en: 'has not as many values as the first line',
    ja: '値の数が先頭行と異なります',
  },
  VALUE_MISSING: { severity: 'row', en: 'is required and empty', ja: '必須項目が空です' },
  ID_FORM: { severity: 'row', en: 'has not the form of an id', ja: 'id の形式ではありません' },
  ID_UNCERTAIN: {
    severity: 'row',
    en: 'seems to have lost leading zeros, and what it was is not certain',
    ja: '先頭のゼロが失われたようですが、元の値を確定できません',
  },
  PREFECTURE_INVALID: {
    severity: 'row',
    en: 'is no prefecture (01 to 47), or the address begins with none',
    ja: '都道府県(01〜47)ではないか、所在地が都道府県名で始まりません',
  },
  TYPE_CONTRADICTS: {
    severity: 'row',
    en: 'is not the kind of institution that the file is for',
    ja: '機関区分がファイルの種類と異なります',
  },
  VALUE_UNSTORABLE: {
    severity: 'row',
    en: 'is required and holds a control character, or is too long',
    ja: '必須項目に制御文字があるか、長すぎます',
  },
  VALUE_UNFIT: {
    severity: 'row',
    en: 'is no value of its column in the table, or would be cut or rounded there',
    ja: '表の列の型に合わないか、その列では切り詰め・丸めが起きます',
  },
  VALUE_DROPPED: {
    severity: 'warning',
    en: 'cannot be read as what it should be (or holds a control character, or is too long); the value there stays',
    ja: '値を読み取れない(または制御文字がある、長すぎる)ため取り込まず、前の値のままです',
  },
  COORDINATES_OUTSIDE: {
    severity: 'warning',
    en: 'lies outside Japan, or is half of a pair; the values there stay',
    ja: '座標が日本の範囲外か、片方しかないため取り込まず、前の値のままです',
  },
  CHECK_DIGIT: {
    severity: 'warning',
    en: 'does not agree with its check digit; taken as it stands',
    ja: '検証番号が一致しません。値はそのまま取り込みました',
  },
  ZERO_LOST: {
    severity: 'warning',
    en: 'does not begin with the zero of its prefecture; taken as it stands',
    ja: '都道府県の先頭のゼロがありません。値はそのまま取り込みました',
  },
  ZERO_RESTORED: {
    severity: 'warning',
    en: 'had lost its leading zero, which was put back',
    ja: '失われた先頭のゼロを補いました',
  },
  LAST_LINE_OPEN: {
    severity: 'warning',
    en: 'has no end: where the file was cut, its last value is not whole',
    ja: '最終行に改行がありません。ファイルが途中で切れている場合、最後の値は不完全です',
  },
  COLUMNS_UNREAD: {
    severity: 'warning',
    en: 'has columns that are not known, and were not read',
    ja: '未知の列があり、読みませんでした',
  },
  COLUMNS_ABSENT: {
    severity: 'warning',
    en: 'is a column of the form that the file lacks; its values stay as they are in the table',
    ja: 'この形式にあるはずの列がファイルにありません。表にある値はそのまま残します',
  },
  FILE_DECLINED: {
    severity: 'warning',
    en: 'was not read: nothing in it belongs into the table',
    ja: '表に入れる内容がないため、読みませんでした',
  },
} as const satisfies Readonly<Record<string, FindingWords>>

interface FindingWords {
  readonly severity: 'row' | 'warning'
  readonly en: string
  readonly ja: string
}

export type FindingCode = keyof typeof FINDINGS

/** Something to be told of a place in a published file. */
export interface Finding {
  readonly code: FindingCode
  readonly file: string
  /** Counted from 1; of a finding of the whole file, 0. */
  readonly line: number
  /** The header of the column, as it stands in the file. */
  readonly column: string | null
  /** What stands there, shortened. */
  readonly value: string | null
}
