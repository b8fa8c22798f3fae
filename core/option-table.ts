interface OptionBase {
  /** Who reads it: all (the commands and the worker), the worker, the console, or `npm start`, bench and the tests (local). */
  readonly readBy: 'all' | 'worker' | 'console' | 'local'
  readonly description: string
  readonly ja: string
}
interface TextOption extends OptionBase {
  readonly kind: 'text'
  readonly default?: string
  /** A value to begin from, where there is no default. */
  readonly example?: string
  /** Its value is kept out of logs and messages. */
  readonly secret?: true
}
/** One of a few words. */
interface ChoiceOption extends OptionBase {
  readonly kind: 'choice'
  readonly choices: readonly string[]
  readonly default: string
}
interface NumberOption extends OptionBase {
  readonly kind: 'number'
  readonly default: number
  readonly min: number
  readonly max: number
}
export type Option = TextOption | ChoiceOption | NumberOption

/**
 * Every environment variable of the project, once: the reader, `--help`, docs/configuration.md and .env.example take
 * it from here. Each may also be given as NAME_FILE, the path of a file that holds the value.
 */
export const OPTIONS = {
  SOURCE_DATABASE_URL: {
    kind: 'text',
    secret: true,
    readBy: 'all',
    example: 'postgres://reader:password@onprem.example:5432/masters',
    description: 'the on-prem database, as postgres://user:password@host:port/database',
    ja: 'オンプレのデータベース（postgres://ユーザー:パスワード@ホスト:ポート/データベース）',
  },
  CLOUD_DATABASE_URL: {
    kind: 'text',
    secret: true,
    readBy: 'all',
    example: 'postgres://writer:password@cloud.example:5432/app',
    description: 'the cloud database, in the same form',
    ja: 'クラウドのデータベース（同じ形式）',
  },
  MASTERS_DIR: {
    kind: 'text',
    readBy: 'all',
    default: 'masters',
    description: 'the folder of the master files',
    ja: 'マスタのファイルを置くフォルダ',
  },
  OPERATOR: {
    kind: 'text',
    readBy: 'all',
    description:
      'who gives the orders, for the record: starts, approvals, decisions; without it the name of the user who runs the command',
    ja: '操作する人の名前。開始、承認、競合の解決の記録に使う。無ければコマンドを実行する利用者名',
  },
  TASK_QUEUE: {
    kind: 'text',
    readBy: 'all',
    default: 'master-sync',
    description: 'the Temporal task queue on which commands and workers meet',
    ja: 'コマンドとワーカーが使う Temporal のタスクキュー',
  },
  LEASE_SECONDS: {
    kind: 'number',
    readBy: 'all',
    default: 120,
    min: 5,
    max: 3600,
    description:
      'a run not heard of for so long may be taken over; a statement ends after 0.4 of it, a silent step is tried again after 0.5',
    ja: 'これだけ応答のない実行は引き継がれる。SQL は 0.4 倍で打ち切り、応答のないステップは 0.5 倍で再試行',
  },
  WORKER_SLOTS: {
    kind: 'number',
    readBy: 'worker',
    default: 4,
    min: 1,
    max: 64,
    description:
      'steps a worker runs at once; it opens at most one connection more than that to each database',
    ja: 'ワーカーが同時に実行するステップ数。各データベースへの接続はこの数に 1 を足したものまで',
  },
  SEGMENT_ROWS: {
    kind: 'number',
    readBy: 'worker',
    default: 25_000,
    min: 10,
    max: 1_000_000,
    description: 'targets in one segment: the unit of retry',
    ja: '一区間の対象数。再試行の単位',
  },
  BATCH_ROWS: {
    kind: 'number',
    readBy: 'worker',
    default: 5_000,
    min: 1,
    max: 100_000,
    description: 'changed rows in one transaction',
    ja: '一つのトランザクションで書く行数',
  },
  HEALTH_PORT: {
    kind: 'number',
    readBy: 'worker',
    default: 0,
    min: 0,
    max: 65_535,
    description: 'port for /healthz and /metrics of the worker; 0: none',
    ja: 'ワーカーの /healthz と /metrics を開くポート。0 は開かない',
  },
  HEALTH_HOST: {
    kind: 'text',
    readBy: 'worker',
    default: '127.0.0.1',
    description: 'address on which that port is opened; 0.0.0.0 or :: for scrapes from another host',
    ja: 'そのポートを開くアドレス。ほかのホストから読むときは 0.0.0.0 か ::',
  },
  WEBHOOK_URL: {
    kind: 'text',
    secret: true,
    readBy: 'worker',
    description:
      'a webhook that is told of runs that failed, wait for approval, met refused rows, ended unequal, could not read a list, found no newer files though they are due, or were missed',
    ja: '失敗、承認待ち、行の拒否、不一致、読めないリスト、公表ファイルの遅れ、開始されなかった実行を知らせる webhook の URL',
  },
  WEBHOOK_FORM: {
    kind: 'choice',
    readBy: 'worker',
    choices: ['slack', 'teams'],
    default: 'slack',
    description: 'the form of its messages; Mattermost and others take the one of Slack',
    ja: 'webhook に送るメッセージの形式。Mattermost などは slack',
  },
  NOTICE_LANGUAGE: {
    kind: 'choice',
    readBy: 'worker',
    choices: ['ja', 'en'],
    default: 'ja',
    description: 'the language of these messages',
    ja: 'メッセージの言語',
  },
  CONSOLE_PORT: {
    kind: 'number',
    readBy: 'console',
    default: 8080,
    min: 0,
    max: 65_535,
    description: 'port of the web pages; 0: any that is free',
    ja: 'コンソール（Web 画面）のポート。0 は空いているポート',
  },
  CONSOLE_HOST: {
    kind: 'text',
    readBy: 'console',
    default: '127.0.0.1',
    description: 'address on which that port is opened; any other than of this machine needs a sign-in',
    ja: 'そのポートを開くアドレス。このマシン以外から開くにはサインインの設定が必要',
  },
  CONSOLE_URL: {
    kind: 'text',
    readBy: 'console',
    description:
      'under which address people open it, such as https://master-sync.example, where a proxy stands in front; with https its cookies are sent over nothing else',
    ja: 'プロキシの後ろに置くとき、利用者が開く URL（https://master-sync.example など）。https ならクッキーは https だけで送る',
  },
  CONSOLE_PROXIES: {
    kind: 'text',
    readBy: 'console',
    description:
      'addresses or networks of proxies, such as 10.0.0.0/8, that are believed about where a request comes from (X-Forwarded-For), separated by commas; sign-ins that fail are counted by that address',
    ja: 'X-Forwarded-For を信用するプロキシのアドレスまたはネットワーク（10.0.0.0/8 など、カンマ区切り）。サインインの失敗はこのアドレスごとに数える',
  },
  CONSOLE_USERS: {
    kind: 'text',
    readBy: 'console',
    description: 'the file of those who may sign in; master-sync console add-user writes it',
    ja: 'サインインできる利用者のファイル。master-sync console add-user で作る',
  },
  OIDC_ISSUER: {
    kind: 'text',
    readBy: 'console',
    description:
      'the OpenID Connect provider by which people sign in, such as https://login.microsoftonline.com/TENANT/v2.0, in place of a file of users; needs CONSOLE_URL, with /sign-in/callback as redirect URI',
    ja: 'サインインに使う OpenID Connect プロバイダー（https://login.microsoftonline.com/TENANT/v2.0 など）。CONSOLE_URL も必要。リダイレクト URI は CONSOLE_URL に /sign-in/callback を付けたもの',
  },
  OIDC_CLIENT_ID: {
    kind: 'text',
    readBy: 'console',
    description: 'what the provider calls the console',
    ja: 'プロバイダーに登録したクライアント ID',
  },
  OIDC_CLIENT_SECRET: {
    kind: 'text',
    secret: true,
    readBy: 'console',
    description: 'by which the console proves that to the provider',
    ja: 'プロバイダーに登録したクライアントシークレット',
  },
  OIDC_SCOPE: {
    kind: 'text',
    readBy: 'console',
    default: 'openid profile email',
    description: 'what is asked of the provider; some give groups only where the word groups is added',
    ja: 'プロバイダーに求めるスコープ。groups を足さないとグループを返さないものもある',
  },
  OIDC_ROLE_CLAIM: {
    kind: 'text',
    readBy: 'console',
    default: 'roles',
    description: 'the claim that says what somebody may do; groups, or cognito:groups with Cognito',
    ja: '役割を示すクレーム。groups、Cognito では cognito:groups など',
  },
  OIDC_ROLES: {
    kind: 'text',
    readBy: 'console',
    default: 'viewer=viewer,editor=editor,approver=approver',
    description:
      'what of that claim gives which role, as role=value, separated by commas; who has none of them does not get in',
    ja: 'クレームのどの値がどの役割になるか（役割=値、カンマ区切り）。どれもない人は入れない',
  },
  TEMPORAL_UI_URL: {
    kind: 'text',
    readBy: 'console',
    description: 'address of the Temporal Web UI, for links to it',
    ja: 'Temporal Web UI の URL。リンクに使う',
  },
  STATE_DIR: {
    kind: 'text',
    readBy: 'local',
    description: "where npm start keeps its databases; without it under the user's cache folder",
    ja: 'npm start のデータベースの置き場所。無ければ利用者のキャッシュフォルダの下',
  },
  TEMPORAL_CLI: {
    kind: 'text',
    readBy: 'local',
    description:
      'path of a temporal program for npm start, bench and the tests; without it one is looked for',
    ja: 'npm start、bench、テストが使う temporal プログラムのパス。無ければ探す',
  },
} as const satisfies Readonly<Record<string, Option>>

export type OptionName = keyof typeof OPTIONS

export function optionsReadBy(
  ...readers: readonly Option['readBy'][]
): readonly (readonly [name: string, option: Option])[] {
  return Object.entries<Option>(OPTIONS).filter(([, option]) => readers.includes(option.readBy))
}
