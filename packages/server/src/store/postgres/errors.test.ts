import { Problem } from '@sallyport/core'
import { AbortedTransactionError } from 'kysely'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../../../test/services/postgres.ts'
import {
  SQLSTATE_CLASSES,
  SQLSTATES,
  sqlStateKind,
  translateCommitError,
  translatePostgresError,
} from './errors.ts'

/** Every class of PostgreSQL 18's table of error codes. */
const CLASSES =
  '00 01 02 03 08 09 0A 0B 0F 0L 0P 0Z 10 20 21 22 23 24 25 26 27 28 2B 2D 2F 34 38 39 3B 3D 3F 40 42 44 53 54 55 57 58 72 F0 HV P0 XX'

function databaseError(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('failed', 6, 'error'), { code })
}

describe('SQLSTATE codes', () => {
  test('are classified by class without a gap, and the exceptions belong to a known class', () => {
    expect(Object.keys(SQLSTATE_CLASSES).toSorted()).toEqual(CLASSES.split(' ').toSorted())
    for (const code of Object.keys(SQLSTATES)) expect(SQLSTATE_CLASSES).toHaveProperty(code.slice(0, 2))
  })

  test.for([
    ['0A000', 'a standby'],
    ['25006', 'a read-only transaction'],
    ['42501', 'a missing privilege'],
    ['53100', 'a full disk'],
    ['53200', 'out of memory'],
    ['53300', 'too many connections'],
    ['55P03', 'a lock that is not free'],
    ['57014', 'a statement timeout'],
    ['57P01', 'a shutdown'],
    ['57P03', 'a server that starts'],
    ['58030', 'an input or output error'],
    ['XX001', 'corrupted data'],
    ['40P01', 'a deadlock'],
    ['25P03', 'an idle transaction'],
    ['AU001', 'a code of an extension'],
    ['', 'no code at all'],
  ] as const)('%s, %s, is unavailable with the cause', ([code]) => {
    const error = databaseError(code)
    const problem = translatePostgresError(error)
    expect(problem).toBeInstanceOf(Problem)
    expect(problem).toMatchObject({ code: 'unavailable', cause: error })
  })

  test.for(['42P01', '42601', '22003', '22021', '23514', '25P02', '54000', 'P0001'])(
    '%s is a fault of ours and stays as it is',
    (code) => {
      const error = databaseError(code)
      expect(sqlStateKind(code)).toBe('internal')
      expect(translatePostgresError(error)).toBe(error)
    },
  )

  test.for([
    ['57P01', true],
    ['58030', true],
    ['53100', true],
    ['40003', true],
    ['AU001', true],
    ['', true],
    ['40001', false],
    ['25P04', false],
  ] as const)('%s of a commit leaves open whether that is done: %s', ([code, isOpen]) => {
    const error = databaseError(code)
    const { message, cause } = translateCommitError(error) as Problem
    expect([message.includes('may have been done'), cause]).toEqual([isOpen, error])
  })

  test('of a commit that was a rollback says that it was not done', () => {
    const { code, message } = translateCommitError(new AbortedTransactionError()) as Problem
    expect([code, message.includes('may have been done')]).toEqual(['unavailable', false])
  })

  test('of a commit that is a conflict, or a fault of ours, are as those of a statement', () => {
    expect(translateCommitError(databaseError('23505'))).toMatchObject({ code: 'conflict' })
    const fault = databaseError('22003')
    expect(translateCommitError(fault)).toBe(fault)
  })

  test('of a conflict are conflicts', () => {
    for (const code of ['23505', '23503']) {
      expect(translatePostgresError(databaseError(code))).toMatchObject({ code: 'conflict' })
    }
  })

  test('of the running server are among those of the table', async () => {
    await using database = await openTestDatabase()
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const codeOf = async (statement: string): Promise<string | undefined> => {
      try {
        await client.query(statement)
        return undefined
      } catch (error) {
        return (error as pg.DatabaseError).code
      }
    }
    await client.query('create table numbers (number integer primary key)')
    expect(await codeOf('start transaction read only; insert into numbers values (1)')).toBe('25006')
    await client.query('rollback')
    expect(await codeOf('select * from missing')).toBe('42P01')
    await client.end()
  })
})
