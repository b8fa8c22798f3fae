import { MEDICAL_ORGS_COLUMNS, type ColumnOrigin } from '../../core/medical-orgs-table.js'
import { code, sections, table, title } from './markdown.js'

const ORIGINS: Readonly<Record<ColumnOrigin, string>> = {
  iryojohonet: '医療情報ネット',
  kouseikyoku: '地方厚生局',
  import: 'imports 取り込み',
}

/** docs/master-table.md */
export function masterTablePage(): string {
  return sections([
    title('The on-prem master table'),
    "`master-sync setup --with-master` creates the on-prem table of medical institutions, for both publications of the Ministry, with these comments on its columns, and the schema `master_import`, in which imports keep what they did. A table that is there is left as it is: what it lacks of these columns is left out by imports, and set-up says so. A table of one's own (`import: csv:`) is created by its owner.",
    '`master-sync setup --with-master` は、厚生労働省の二つの公表元に共通の医療機関マスタの表を、以下のコメントを付けてオンプレに作成します。取り込みの記録を置くスキーマ `master_import` も作成します。既にある表は変更しません。足りない列は取り込みの対象から外れ、その旨を表示します。独自の表（`import: csv:`）は、あらかじめ作成してください。',
    'A column holds null where nothing is known; only `medical_id` and `name` always hold something. The publication that is imported first owns the ids; the other fills only what that one lacks, in rows that match uniquely. What neither gives is yours to fill: an import never touches it. Personal names are read only with `import: personal: true`, and `masters/medical-orgs.yaml` keeps them on-prem. 値が無ければ null です。必ず値があるのは `medical_id` と `name` だけです。最初に取り込んだ公表元の ID が表の ID になり、もう一方は、一つに定まる行の足りない列だけを補います。どちらも出していない列には取り込みは触れません。個人名は `import: personal: true` のときだけ読み、`masters/medical-orgs.yaml` ではオンプレから出しません。',
    table(
      ['column', 'type', '意味', 'meaning', 'given by 出典'],
      MEDICAL_ORGS_COLUMNS.map(({ name, type, ja, en, from }) => [
        code(name),
        type,
        ja,
        en,
        from.length === 0 ? 'yourself 自社' : from.map((origin) => ORIGINS[origin]).join(', '),
      ]),
    ),
  ])
}
