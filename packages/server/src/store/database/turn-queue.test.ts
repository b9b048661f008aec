import { describe, expect, test } from 'vitest'
import { refusalOf } from '../testing/problem-codes.ts'
import { type Turn, TurnQueue, type WorkDeadline } from './turn-queue.ts'

const clock = (): number => performance.now()

/** A queue that serves jobs together, after the first was let go, and what it served together. */
function groupingQueue(waitingMax = 10) {
  const groups: string[][] = []
  const gate = Promise.withResolvers<void>()
  const queue = new TurnQueue<string>(waitingMax, clock, async (first, next) => {
    const group: Turn<string>[] = [first]
    groups.push([])
    for (;;) {
      const turn = group.at(-1)
      groups.at(-1)?.push(turn?.job ?? '')
      if (turn?.job === 'gate') await gate.promise
      const follower = await next((job) => job !== 'gate' && !job.startsWith('alone'))
      if (follower === undefined) break
      group.push(follower)
    }
    for (const turn of group) turn.resolve(turn.job)
  })
  return { queue, groups, open: gate.resolve }
}

describe('a queue of turns', () => {
  test('serves jobs that wait after the first one, up to one that is not accepted', async () => {
    const { queue, groups, open } = groupingQueue()
    const all = ['gate', 'a', 'b', 'alone', 'c'].map((job) => queue.run(job))
    open()
    expect(await Promise.all(all)).toEqual(['gate', 'a', 'b', 'alone', 'c'])
    expect(groups).toEqual([
      ['gate', 'a', 'b'],
      ['alone', 'c'],
    ])
  })

  test('lets organizations take turns within a group', async () => {
    const { queue, groups, open } = groupingQueue()
    const run = (job: string, organization: string) =>
      queue.run(job, undefined, { organization, pipeline: '' })
    const all = [run('gate', ''), run('a1', 'acme'), run('a2', 'acme'), run('b1', 'rival')]
    open()
    await Promise.all(all)
    expect(groups).toEqual([['gate', 'a1', 'b1', 'a2']])
  })

  test('refuses a job whose latest start has passed, and none that has started', async () => {
    const { queue, groups, open } = groupingQueue()
    const nowMs = clock()
    const deadline = (startAtMs: number): WorkDeadline => ({
      atMs: nowMs + 60_000,
      startAtMs,
      refusal: (isRunning) => new Error(isRunning ? 'running' : 'waiting'),
      onLate: () => undefined,
    })
    const first = queue.run('gate', deadline(nowMs + 100))
    const late = queue.run('late', deadline(nowMs + 100))
    const inTime = queue.run('in time', deadline(nowMs + 50_000))
    await expect(late).rejects.toThrow('waiting')
    open()
    expect(await Promise.all([first, inTime])).toEqual(['gate', 'in time'])
    expect(groups).toEqual([['gate', 'in time']])
  })

  test('has room again for each job whose turn has come', async () => {
    const { queue, open } = groupingQueue(2)
    const all = ['gate', 'a', 'b'].map((job) => queue.run(job))
    expect(await refusalOf(queue.run('c'))).toBe('unavailable')
    open()
    await Promise.all(all)
    await queue.idle()
    expect(await queue.run('d')).toBe('d')
  })
})
