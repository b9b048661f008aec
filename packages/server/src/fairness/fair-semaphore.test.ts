import { expect, test } from 'vitest'
import { FairSemaphore } from './fair-semaphore.ts'

/** Tasks that run until the test ends them, with a record of when they start. */
class Tasks {
  readonly started: string[] = []
  readonly #ends = new Map<string, () => void>()
  readonly #semaphore: FairSemaphore

  constructor(semaphore: FairSemaphore) {
    this.#semaphore = semaphore
  }

  /** Runs a task; resolves to its name, or to the code of the problem that rejected it. */
  async run(organization: string, name: string): Promise<string> {
    const task = async (): Promise<string> => {
      this.started.push(name)
      await new Promise<void>((end) => this.#ends.set(name, end))
      return name
    }
    try {
      return await this.#semaphore.run({ organization, pipeline: name }, task)
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'thrown'
    }
  }

  end(name: string): void {
    this.#ends.get(name)?.()
  }
}

test('runs no more tasks at a time than the limit, and lets organizations take turns regardless of arrival', async () => {
  const semaphore = new FairSemaphore({ runningMax: 3, waitingMax: 10 })
  const tasks = new Tasks(semaphore)
  const flood = ['f1', 'f2', 'f3', 'f4', 'f5'].map(async (name) => await tasks.run('flood', name))
  const others = [tasks.run('a', 'a1'), tasks.run('a', 'a2'), tasks.run('b', 'b1')]
  // One slot stays free for a newcomer, which starts at once.
  expect(tasks.started).toEqual(['f1', 'f2', 'a1'])
  expect([semaphore.running, semaphore.waiting]).toEqual([3, 5])
  const order = ['f1', 'f2', 'a1', 'a2', 'b1', 'f3', 'f4', 'f5']
  for (const name of order) {
    await expect.poll(() => tasks.started).toContain(name)
    expect(semaphore.running).toBeLessThanOrEqual(3)
    tasks.end(name)
  }
  await Promise.all([...flood, ...others])
  expect([...tasks.started].sort()).toEqual([...order].sort())
  expect([semaphore.running, semaphore.waiting]).toEqual([0, 0])
})

test('evicts the newest task of the longest organization when too many wait, and accepts the new task', async () => {
  const semaphore = new FairSemaphore({ runningMax: 1, waitingMax: 3 })
  const tasks = new Tasks(semaphore)
  const flood = ['f1', 'f2', 'f3', 'f4'].map(async (name) => await tasks.run('flood', name))
  const tooMany = tasks.run('flood', 'f5')
  expect(await tooMany).toBe('unavailable')
  const newcomer = tasks.run('a', 'a1')
  expect(await flood[3]).toBe('unavailable')
  for (const name of ['f1', 'f2', 'a1', 'f3']) {
    await expect.poll(() => tasks.started).toContain(name)
    tasks.end(name)
  }
  expect(await newcomer).toBe('a1')
  expect(await Promise.all(flood)).toEqual(['f1', 'f2', 'f3', 'unavailable'])
})

test('rejects the latest task when each organization has one waiting', async () => {
  const semaphore = new FairSemaphore({ runningMax: 1, waitingMax: 2 })
  const tasks = new Tasks(semaphore)
  const asked = ['a', 'b', 'c', 'd'].map(async (name) => await tasks.run(name, name))
  expect(await asked[3]).toBe('unavailable')
  for (const name of ['a', 'b', 'c']) {
    await expect.poll(() => tasks.started).toContain(name)
    tasks.end(name)
  }
  expect(await Promise.all(asked)).toEqual(['a', 'b', 'c', 'unavailable'])
})

test('frees the slot of a task that fails', async () => {
  const semaphore = new FairSemaphore({ runningMax: 1, waitingMax: 1 })
  const failing = semaphore.run({ organization: 'a', pipeline: '' }, () => Promise.reject(new Error('no')))
  const next = semaphore.run({ organization: 'a', pipeline: '' }, () => Promise.resolve('done'))
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('done')
  expect([semaphore.running, semaphore.waiting]).toEqual([0, 0])
})
