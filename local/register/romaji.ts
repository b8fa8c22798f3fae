const syllables = new Map(
  (
    'ア:a イ:i ウ:u エ:e オ:o カ:ka キ:ki ク:ku ケ:ke コ:ko サ:sa シ:shi ス:su セ:se ソ:so タ:ta チ:chi ツ:tsu テ:te ト:to ' +
    'ナ:na ニ:ni ヌ:nu ネ:ne ノ:no ハ:ha ヒ:hi フ:fu ヘ:he ホ:ho マ:ma ミ:mi ム:mu メ:me モ:mo ヤ:ya ユ:yu ヨ:yo ' +
    'ラ:ra リ:ri ル:ru レ:re ロ:ro ワ:wa ヲ:o ン:n ガ:ga ギ:gi グ:gu ゲ:ge ゴ:go ザ:za ジ:ji ズ:zu ゼ:ze ゾ:zo ' +
    'ダ:da ヂ:ji ヅ:zu デ:de ド:do バ:ba ビ:bi ブ:bu ベ:be ボ:bo パ:pa ピ:pi プ:pu ペ:pe ポ:po'
  )
    .split(' ')
    .map((pair): [string, string] => [pair.charAt(0), pair.slice(2)]),
)

/** Katakana to Hepburn romaji with a capital, long vowels written short: サトウ → Sato, ヨッカイチ → Yokkaichi. */
export function romaji(kana: string): string {
  let text = ''
  let isDoubled = false
  for (const character of kana) {
    const small = { ャ: 'ya', ュ: 'yu', ョ: 'yo' }[character]
    if (small !== undefined) {
      // シャ → sha, キャ → kya
      text = text.replace(/i$/, '') + (/(sh|ch|j)i$/.test(text) ? small.slice(1) : small)
    } else if (character === 'ッ') {
      isDoubled = true
    } else {
      const syllable = syllables.get(character) ?? ''
      text += isDoubled ? (syllable.startsWith('ch') ? 't' : syllable.charAt(0)) + syllable : syllable
      isDoubled = false
    }
  }
  const short = text.replace(/o[uo]/g, 'o').replace(/uu/g, 'u')
  return short.charAt(0).toUpperCase() + short.slice(1)
}
