interface TemporalVariable {
  readonly description: string
  readonly ja: string
  /** Its value is kept out of logs and messages. */
  readonly secret?: true
}

/** What @temporalio/envconfig reads: where Temporal is and how it lets us in. */
export const TEMPORAL_VARIABLES = {
  TEMPORAL_ADDRESS: {
    description: 'host:port of the Temporal server; localhost:7233 without it',
    ja: 'Temporal サーバーの host:port。無ければ localhost:7233',
  },
  TEMPORAL_NAMESPACE: {
    description: 'the namespace; default without it',
    ja: 'ネームスペース。無ければ default',
  },
  TEMPORAL_API_KEY: {
    description: 'the key of Temporal Cloud or of a proxy; it turns TLS on',
    ja: 'Temporal Cloud などの API キー。指定すると TLS になる',
    secret: true,
  },
  TEMPORAL_TLS: { description: 'true: connect with TLS', ja: 'true なら TLS で接続' },
  TEMPORAL_TLS_SERVER_NAME: {
    description: "the name in the server's certificate, where it is not the host",
    ja: 'サーバー証明書の名前（ホスト名と違うとき）',
  },
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: {
    description: "file with the certificate of the server's authority",
    ja: 'サーバーの認証局の証明書ファイル',
  },
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: { description: 'the certificate itself', ja: 'その証明書そのもの' },
  TEMPORAL_TLS_CLIENT_CERT_PATH: {
    description: 'file with the certificate that we show',
    ja: 'こちらが示す証明書のファイル',
  },
  TEMPORAL_TLS_CLIENT_CERT_DATA: { description: 'the certificate itself', ja: 'その証明書そのもの' },
  TEMPORAL_TLS_CLIENT_KEY_PATH: { description: 'file with its private key', ja: 'その秘密鍵のファイル' },
  TEMPORAL_TLS_CLIENT_KEY_DATA: {
    description: 'the private key itself',
    ja: 'その秘密鍵そのもの',
    secret: true,
  },
  TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: {
    description: 'read but not used: certificates are always checked',
    ja: '読むが使わない（証明書は必ず検証する）',
  },
  TEMPORAL_CONFIG_FILE: {
    description: 'a temporal.toml to read; settings above go before it',
    ja: '読み込む temporal.toml。上の設定が優先',
  },
  TEMPORAL_PROFILE: {
    description: 'the profile in temporal.toml; default without it',
    ja: 'temporal.toml の中のプロファイル。無ければ default',
  },
  TEMPORAL_CODEC_ENDPOINT: {
    description: 'read but not used: payloads hold no row values',
    ja: '読むが使わない（ペイロードに行の値は入らない）',
  },
  TEMPORAL_CODEC_AUTH: { description: 'read but not used', ja: '読むが使わない', secret: true },
  'TEMPORAL_GRPC_META_*': {
    description: 'a header for every call: TEMPORAL_GRPC_META_MY_HEADER sets my-header',
    ja: '各呼び出しに付けるヘッダー。TEMPORAL_GRPC_META_MY_HEADER は my-header になる',
    secret: true,
  },
} as const satisfies Readonly<Record<string, TemporalVariable>>
