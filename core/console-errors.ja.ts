import type { CONSOLE_ERRORS } from './console-errors.js'
import type { ErrorEntry } from './error-entry.js'

/** The same in Japanese. */
export const CONSOLE_ERRORS_JA = {
  SIGN_IN_MISSING: {
    meaning: 'コンソールをほかのマシンから開く設定ですが、サインインがなく、誰でも何でもできてしまいます。',
    remedy:
      'サインインを設定してください: CONSOLE_USERS を設定し master-sync console add-user NAME --role approver、または OIDC_ISSUER。このマシンだけで使うなら CONSOLE_HOST=127.0.0.1 とし、CONSOLE_URL は設定しないでください。',
  },
  USERS_FILE_INVALID: {
    meaning: '利用者のファイルを読めません。直すまで誰もサインインできません。',
    remedy:
      'メッセージにある箇所を直してください。利用者の追加とパスワードの変更: master-sync console add-user NAME --role ROLE',
  },
  PASSWORD_SHORT: {
    meaning: 'パスワードが 12 文字より短いか、1,000 文字を超えるか、2 回の入力が一致しません。',
    remedy: '長いものにしてください。関係のない言葉をいくつか並べるとよいでしょう。',
  },
  SIGN_IN_UNAVAILABLE: {
    meaning: 'OpenID Connect プロバイダーが応答しないか、コンソールを拒否しました。',
    remedy:
      'OIDC_ISSUER、OIDC_CLIENT_ID、OIDC_CLIENT_SECRET と、登録したリダイレクト URI を確認し、もう一度サインインしてください。',
  },
} as const satisfies Readonly<Record<keyof typeof CONSOLE_ERRORS, Omit<ErrorEntry, 'exit'>>>
