import { listScheduleRuns } from '../../app/pipelines/list-schedule-runs.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf } from '../../contract/fields/paging.ts'
import { scheduleRun, scheduleRunFilter } from '../../contract/schedule-runs.ts'
import type { ScheduleRunRow } from '../../store/port/schedule-runs.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { momentAnswer } from '../answers/timestamp.ts'
import type { Operations } from '../routing/operations.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented } from '../routing/route-schema.ts'

function runAnswer({ major, dueAtMs, startedAtMs, finishedAtMs, outcome }: ScheduleRunRow) {
  return {
    major,
    dueAt: momentAnswer(dueAtMs),
    startedAt: momentAnswer(startedAtMs),
    finishedAt: finishedAtMs === null ? null : momentAnswer(finishedAtMs),
    outcome,
  }
}

export function scheduleRunRoutes(app: ControlApp, operations: Operations): void {
  app.get(
    '/v1/organizations/:org/pipelines/:pipeline/runs',
    {
      schema: {
        ...documented('Pipelines', 'listScheduleRuns', 'List the runs of a pipeline with a schedule'),
        params: pathParameters('org', 'pipeline'),
        querystring: scheduleRunFilter,
        response: { 200: pageOf(scheduleRun) },
      },
    },
    async (request) =>
      pageAnswer(
        await listScheduleRuns(operations.reading(request), {
          organization: request.params.org,
          pipeline: request.params.pipeline,
          ...request.query,
        }),
        runAnswer,
      ),
  )
}
