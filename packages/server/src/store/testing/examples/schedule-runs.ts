import type { ScheduleRunRow } from '../../port/schedule-runs.ts'
import { type Example, FIRST_MS, type Seed } from './example.ts'

export function run(owner: string, dueAtMs: number, more: Partial<ScheduleRunRow> = {}): ScheduleRunRow {
  return {
    organization: owner,
    environment: 'test',
    pipeline: 'orders',
    major: 1,
    dueAtMs,
    startedAtMs: dueAtMs + 5,
    finishedAtMs: null,
    outcome: null,
    isExclusive: false,
    missedBefore: 0,
    ...more,
  }
}

/** Two majors share each due time. */
const row = ({ owner, index }: Seed): ScheduleRunRow =>
  run(owner, FIRST_MS + (index >> 1), { major: 1 + (index % 2) })

export const scheduleRunsExample: Example<ScheduleRunRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) => store.claimRun(row(seed)),
  async get(read, seed) {
    const { dueAtMs, major } = row(seed)
    const { items } = await read.scheduleRuns.list(seed.owner, 'test', 'orders', { limit: 1_000 })
    return items.find((item) => item.dueAtMs === dueAtMs && item.major === major)
  },
  queries: (read, seed) => {
    const { organization, environment, pipeline, major, dueAtMs } = row(seed)
    return [
      read.scheduleRuns.standing({ organization, environment, pipeline, major }, seed.firstId, dueAtMs + 1),
    ]
  },
  lists: {
    runs: {
      read: (read, { owner }, page) => read.scheduleRuns.list(owner, 'test', 'orders', page),
      cursor: ['number', 'number'],
    },
  },
  update: (store, seed) =>
    store.finishRun({ ...row(seed), finishedAtMs: FIRST_MS + 9, outcome: 'succeeded' }),
  remove: null,
  since: 2,
  stored(seed) {
    const { organization, environment, pipeline, major, dueAtMs, startedAtMs } = row(seed)
    const times = { due_at: dueAtMs, started_at: startedAtMs, finished_at: null, outcome: null }
    return [['schedule_runs', { organization, environment, pipeline, major, ...times }]]
  },
}
