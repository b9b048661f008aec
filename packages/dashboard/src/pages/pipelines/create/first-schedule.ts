import type { CreatePipelineInput } from '@sallyport/sdk'
import { t } from '../../../texts/texts.ts'
import { nextDueTimes } from '../schedule/next-due-times.ts'
import { TIME_ZONE_DEFAULT } from '../spec/trigger-facts.ts'
import { startsLikeUrl } from '../spec/url-start.ts'
import type { NewPipeline } from './new-pipeline.ts'

/** What the form for a new pipeline without callers asks. */
export type FirstSchedule = Pick<NewPipeline, 'schedule' | 'timeZone' | 'url'>

/** The spec of version 1.0: a call at each due time. What has its default is left out. */
export function scheduleSpec({ schedule, timeZone, url }: FirstSchedule): CreatePipelineInput['spec'] {
  return {
    trigger: {
      kind: 'schedule',
      schedule: schedule.trim(),
      ...(timeZone !== '' && timeZone !== TIME_ZONE_DEFAULT && { timeZone }),
    },
    steps: [{ call: { url } }],
  }
}

/** Whether a schedule has a due time. Only the server decides; this says earlier what it would refuse. */
export function hasDueTime({ schedule, timeZone }: Pick<FirstSchedule, 'schedule' | 'timeZone'>): boolean {
  const zone = timeZone === '' ? TIME_ZONE_DEFAULT : timeZone
  return nextDueTimes({ schedule: schedule.trim(), timeZone: zone }, Date.now(), 1).length > 0
}

/** The labels of the fields of a schedule that must be filled in, and false for each that is. */
export function missingInSchedule(values: FirstSchedule): readonly (string | false)[] {
  const { spec } = t.pipeline
  return [!hasDueTime(values) && spec.schedule, !startsLikeUrl(values.url) && t.pipelines.form.callUrl]
}
