import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { openTestDatabase } from './postgres.ts'
import { startPostgres } from './postgres-server.ts'

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describe('a test database', () => {
  test('is empty and separate from other databases', async () => {
    await using first = await openTestDatabase()
    await query(first.url, 'CREATE TABLE only_here (id integer)')
    await using second = await openTestDatabase()
    await expect(query(first.url, 'SELECT * FROM only_here')).resolves.toEqual([])
    await expect(query(second.url, 'SELECT * FROM only_here')).rejects.toThrow('only_here')
  })

  test('is deleted on disposal, even with open connections', async () => {
    const database = await openTestDatabase()
    const client = new Client({ connectionString: database.url })
    const disconnected = new Promise((resolve) => client.on('error', resolve))
    await client.connect()
    await database[Symbol.asyncDispose]()
    await disconnected
    await expect(query(database.url, 'SELECT 1')).rejects.toThrow('does not exist')
  })
})

describe('a PostgreSQL server for tests', () => {
  test('commits to disk if durable, and accepts no connection after disposal', async () => {
    const server = await startPostgres({ durable: true })
    await expect(query(server.url, 'SHOW fsync')).resolves.toEqual([{ fsync: 'on' }])
    await server[Symbol.asyncDispose]()
    await expect(query(server.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED')
  })

  test('refuses a wrong password', async () => {
    await using server = await startPostgres()
    const wrong = new URL(server.url)
    wrong.password = 'wrong'
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed')
  })
})
