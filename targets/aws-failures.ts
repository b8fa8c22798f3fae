import { SyncError } from '../core/errors.js'
import { judge } from '../core/sqlstate.js'

/** A list that cannot be read or written now, but in a while may be, without anybody's doing. */
export class ListUnreachable extends SyncError {
  constructor(message: string, options: { readonly remedy?: string; readonly cause?: unknown } = {}) {
    super('LIST_UNREACHABLE', message, options)
    this.name = 'ListUnreachable'
  }
}

/** What happened, and what to do about it where that is known. */
interface Words {
  readonly why: string
  readonly remedy?: string
}

/** What a failure means for the list in question, by the name of the error. */
export type Meanings = Readonly<Partial<Record<string, Words>>>

/** What the SDK throws, as far as it is told apart by. */
export interface AwsFailure {
  readonly name: string
  readonly status: number | undefined
  /** Of the socket. */
  readonly code: string | undefined
  readonly message: string
}

export function readAwsFailure(error: unknown): AwsFailure {
  if (!(error instanceof Error))
    return { name: '', status: undefined, code: undefined, message: String(error) }
  const { $metadata: metadata, code } = error as Error & {
    readonly $metadata?: { readonly httpStatusCode?: number }
    readonly code?: unknown
  }
  return {
    name: error.name,
    status: metadata?.httpStatusCode,
    code: typeof code === 'string' ? code : undefined,
    message: error.message,
  }
}

/** @param doing `read` or `written` */
export function explainAwsFailure(
  uri: string,
  doing: 'read' | 'written',
  error: unknown,
  meanings: Meanings,
): SyncError {
  if (error instanceof SyncError) return error
  const failure = readAwsFailure(error)
  const words = meanings[failure.name] ?? COMMON[failure.name] ?? byStatus(failure, meanings)
  const named = [failure.name, failure.code, failure.status].filter(
    (part) => part !== undefined && part !== 'Error',
  )
  // Behind it the SDK writes for programmers.
  const why = words?.why ?? failure.message.split('\n', 1)[0] ?? ''
  const message = `${uri} cannot be ${doing}: ${why}${named.length === 0 ? '' : ` (${named.join(', ')})`}`
  const options = { cause: error, ...(words?.remedy !== undefined && { remedy: words.remedy }) }
  return isPassing(failure)
    ? new ListUnreachable(message, options)
    : new SyncError('LIST_UNREADABLE', message, options)
}

/** S3 answers some questions with a bare status, and servers that are like it with names of their own. */
function byStatus({ status }: AwsFailure, meanings: Meanings): Words | undefined {
  if (status === 403) return meanings['AccessDenied']
  if (status === 301) return COMMON['PermanentRedirect']
  return undefined
}

/** Whether it may be gone without anybody's doing: a network, a busy or failing server. */
export function isPassing({ name, status, code }: AwsFailure): boolean {
  if (PASSING.has(name) || (code !== undefined && judge(code) === 'retry')) return true
  return status !== undefined && (status >= 500 || status === 429)
}

const PASSING: ReadonlySet<string> = new Set([
  'TimeoutError',
  'RequestTimeout',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'TransactionInProgressException',
])

const CREDENTIALS: Words = {
  why: 'the credentials are not accepted',
  remedy: 'Check the credentials (aws sts get-caller-identity), and that they have not expired.',
}

const BUSY: Words = { why: 'the server asks for fewer requests at a time' }

const REGION: Words = {
  why: 'it is in another region than the one asked',
  remedy: 'Set AWS_REGION to its region.',
}

const COMMON: Meanings = {
  CredentialsProviderError: {
    why: 'there are no credentials',
    remedy: 'Give the process a role, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  },
  InvalidAccessKeyId: CREDENTIALS,
  SignatureDoesNotMatch: CREDENTIALS,
  InvalidSignatureException: CREDENTIALS,
  IncompleteSignatureException: CREDENTIALS,
  UnrecognizedClientException: CREDENTIALS,
  MissingAuthenticationTokenException: CREDENTIALS,
  ExpiredToken: CREDENTIALS,
  ExpiredTokenException: CREDENTIALS,
  InvalidToken: CREDENTIALS,
  RequestTimeTooSkewed: {
    why: "this machine's clock is wrong",
    remedy: 'Set the clock, e.g. timedatectl set-ntp true.',
  },
  PermanentRedirect: REGION,
  AuthorizationHeaderMalformed: REGION,
  SlowDown: BUSY,
  ThrottlingException: BUSY,
  RequestLimitExceeded: BUSY,
  TimeoutError: { why: 'the server does not answer in time' },
}
