import { Problem } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { EXTENDED_RESULT_CODES, RESULT_CODES, resultCodeKind, translateSqliteError } from './errors.ts'

function sqliteError(errcode: number): Error {
  return Object.assign(new Error('failed'), { code: 'ERR_SQLITE_ERROR', errcode })
}

describe('SQLite result codes', () => {
  test('are classified without a gap', () => {
    const primary = [...Array.from({ length: 29 }, (_, code) => code), 100, 101]
    expect(Object.keys(RESULT_CODES).map(Number)).toEqual(primary)
    for (const code of Object.keys(EXTENDED_RESULT_CODES))
      expect(RESULT_CODES).toHaveProperty(String(Number(code) & 0xff))
  })

  test.for([
    [5, 'SQLITE_BUSY'],
    [261, 'SQLITE_BUSY_RECOVERY'],
    [7, 'SQLITE_NOMEM'],
    [8, 'SQLITE_READONLY'],
    [1032, 'SQLITE_READONLY_DBMOVED'],
    [10, 'SQLITE_IOERR'],
    [778, 'SQLITE_IOERR_WRITE'],
    [4874, 'SQLITE_IOERR_SHMSIZE'],
    [11, 'SQLITE_CORRUPT'],
    [13, 'SQLITE_FULL'],
    [14, 'SQLITE_CANTOPEN'],
    [26, 'SQLITE_NOTADB'],
  ] as const)('%i, %s, is unavailable with the cause', ([code]) => {
    const error = sqliteError(code)
    const problem = translateSqliteError(error)
    expect(problem).toBeInstanceOf(Problem)
    expect(problem).toMatchObject({ code: 'unavailable', cause: error })
  })

  test.for([1, 18, 20, 21, 25, 275])('%i is a fault of ours and stays as it is', (code) => {
    const error = sqliteError(code)
    expect(resultCodeKind(code)).toBe('internal')
    expect(translateSqliteError(error)).toBe(error)
  })

  test('of a conflict are conflicts', () => {
    for (const code of [787, 1555, 2067]) {
      expect(translateSqliteError(sqliteError(code))).toMatchObject({ code: 'conflict' })
    }
  })
})
