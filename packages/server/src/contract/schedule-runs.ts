import { z } from 'zod'
import { moment } from './fields/timestamp.ts'
import { reference } from './fields/names.ts'
import { pageQuery } from './fields/paging.ts'

export const scheduleRunFilter = pageQuery.extend({ environment: reference })

export const scheduleRun = z.object({
  major: z.int().describe('Of which major version; each has its own due times.'),
  dueAt: moment,
  startedAt: moment,
  finishedAt: moment.nullable().describe('Null while it runs, or where its process ended in the middle.'),
  outcome: z.string().nullable().describe('`succeeded`, or the code of the problem with which it ended.'),
})
