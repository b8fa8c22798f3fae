import assert from 'node:assert/strict'
import { judge, type Verdict } from '../../core/sqlstate.js'

const TABLE: Readonly<Record<Verdict, readonly (string | undefined)[]>> = {
  retry: [
    ...['08000', '08006', '08P01'], // the connection broke
    ...['40001', '40P01', '55P03', '55006'], // someone else was in the way
    ...['53100', '53200', '53300'], // disk, memory, connections
    ...['57014', '57P01', '57P02', '57P03', '25P03'], // ended by a timeout, a restart
    '25006', // read-only: a failover
    ...['58030', 'XX000', 'XX001', '72000'],
    ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'],
    undefined,
  ],
  retry_slowly: [
    ...['28000', '28P01', '3D000'],
    ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED'],
    ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ],
  row: [
    ...['22001', '22003', '22P02', '22P05'], // a value
    '54000', // too large for an index
    ...['23502', '23503', '23505', '23514', '23P01', '44000'], // a constraint
    ...['P0001', 'P0004', '09000', '20000', '38000', '39P01'], // a trigger
    ...['45000', 'MH001', 'ZZ999'], // a trigger with a code of its own
  ],
  person: [
    '42501',
    '42P01',
    '42703',
    '42883',
    '3F000',
    '0A000',
    '25P02',
    '26000',
    '54001',
    '55000',
    'F0000',
    'EPERM',
  ],
}

describe('a failure of a database', () => {
  for (const verdict of ['retry', 'retry_slowly', 'row', 'person'] as const) {
    it(`is judged "${verdict}" by its code`, () => {
      for (const code of TABLE[verdict]) assert.equal(judge(code), verdict, String(code))
    })
  }
})
