import { TextInput } from '@mantine/core'
import { t } from '../../../texts/texts.ts'
import { NextRuns } from '../schedule/next-runs.tsx'
import { TIME_ZONE_DEFAULT } from '../spec/trigger-facts.ts'
import classes from './create-pipeline.module.css'
import type { NewPipeline } from './new-pipeline.ts'
import { mayBeUrl } from '../spec/url-start.ts'

interface ScheduleFieldsProps {
  readonly values: NewPipeline
  readonly onChange: (change: Partial<NewPipeline>) => void
}

/** When a pipeline without callers starts, and what it calls then. */
export function ScheduleFields({ values, onChange }: ScheduleFieldsProps) {
  const { form } = t.pipelines
  const { spec } = t.pipeline
  const { schedule, timeZone, url } = values
  return (
    <>
      <div className={classes.two}>
        <TextInput
          label={spec.schedule}
          description={spec.scheduleHint}
          autoComplete="off"
          spellCheck={false}
          required
          value={schedule}
          onChange={({ currentTarget }) => onChange({ schedule: currentTarget.value })}
        />
        <TextInput
          label={spec.timeZone}
          description={spec.timeZoneHint}
          placeholder={TIME_ZONE_DEFAULT}
          autoComplete="off"
          spellCheck={false}
          value={timeZone}
          onChange={({ currentTarget }) => onChange({ timeZone: currentTarget.value })}
        />
      </div>
      <NextRuns schedule={schedule} timeZone={timeZone === '' ? TIME_ZONE_DEFAULT : timeZone} />
      <TextInput
        label={form.callUrl}
        description={form.callUrlHint}
        inputMode="url"
        spellCheck={false}
        required
        value={url}
        error={!mayBeUrl(url) && form.urlWrong}
        onChange={({ currentTarget }) => onChange({ url: currentTarget.value })}
      />
    </>
  )
}
