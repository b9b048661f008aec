import { Problem } from '@sallyport/core'
import { expect, test } from 'vitest'
import { readConfig } from '../config/read-config.ts'
import { databaseProblem } from './database-problem.ts'

const FILE = '/data/sallyport.db'
const SQLITE = readConfig({})
const POSTGRES = readConfig({
  SALLYPORT_DATABASE_URL: 'postgres://me:s3cret@db.example/mine?password=s3cret',
})

/** An error of a driver, as the store passes it on. */
function failure(members: Readonly<Record<string, unknown>>, message = 'driver message'): Problem {
  return new Problem('unavailable', { cause: Object.assign(new Error(message), members) })
}

test.each([
  [5, 'Another process uses'],
  [8, 'read-only'],
  [10, 'The disk failed'],
  [266, 'The disk failed'],
  [11, 'damaged'],
  [13, 'full'],
  [14, 'cannot be opened'],
  [26, 'not a SQLite database'],
  [1, 'tables of another program'],
  [21, 'cannot be opened: driver message'],
])('explains the SQLite error %i', (errcode, words) => {
  const problem = databaseProblem(failure({ errcode }), SQLITE, FILE)
  expect(problem.variable).toBe('SALLYPORT_DATA')
  expect(problem.message).toContain(FILE)
  expect(problem.message).toContain(words)
})

test.each([
  ['ECONNREFUSED', 'No PostgreSQL accepts connections at db.example:5432'],
  ['ENOTFOUND', 'has no address'],
  ['ETIMEDOUT', 'did not respond in time'],
  ['EHOSTUNREACH', 'cannot be reached over the network'],
  ['ECONNRESET', 'closed the connection'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'is not trusted'],
  ['28P01', 'refuses the password of user "me"'],
  ['28000', 'refuses user "me": driver message'],
  ['3D000', 'has no database "mine"'],
  ['42501', 'lacks a permission'],
  ['25006', 'read-only standby'],
  ['53300', 'no connection left'],
  ['55P03', 'keeps the database "mine" locked'],
  ['57P03', 'starts or stops'],
  ['42703', 'tables of another program'],
  ['XX000', 'The database cannot be used. driver message.'],
])('explains the PostgreSQL error %s and shows the URL without its password', (code, words) => {
  const problem = databaseProblem(failure({ code }), POSTGRES, FILE)
  expect(problem.variable).toBe('SALLYPORT_DATABASE_URL')
  expect(problem.message).toContain(words)
  expect(problem.message).toContain('The database is postgres://me@db.example/mine.')
  expect(problem.message).not.toContain('s3cret')
})

test.each([
  ['Connection terminated due to connection timeout', 'did not respond in time'],
  ['Connection terminated unexpectedly', 'closed the connection'],
  ['The server does not support SSL connections', 'has no TLS'],
  ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', 'the URL has none'],
])('explains the driver error "%s"', (message, words) => {
  expect(databaseProblem(failure({}, message), POSTGRES, FILE).message).toContain(words)
})

test('names the file that the URL names and that cannot be read', () => {
  const error = Object.assign(new Error('open failed'), {
    code: 'ENOENT',
    syscall: 'open',
    path: '/nope.pem',
  })
  expect(databaseProblem(error, POSTGRES, FILE).message).toContain(
    'The file /nope.pem, which the URL names, cannot be read: it does not exist (ENOENT).',
  )
})
