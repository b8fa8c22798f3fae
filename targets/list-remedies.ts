/** What mends a list, where that is the same for all who did it; core/remedies.ja.ts has it in Japanese. */
export const AS_TEXT = 'Format the column as text, and type the value again as it is.'
export const NAMED_COLUMNS =
  'Call the columns id and note in the first line, or as the key is called; or leave that line out.'
export const COMMAS = 'Save it with commas or tabs between the values.'
export const QUOTED = 'Put the text that holds a comma or tab into double quotes.'
