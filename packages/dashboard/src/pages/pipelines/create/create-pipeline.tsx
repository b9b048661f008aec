import { Button, SegmentedControl } from '@mantine/core'
import type { CreatePipelineInput } from '@sallyport/sdk'
import { useMemo, useState } from 'react'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { WhyNot, whyNotReady } from '../../../parts/layers/why-not.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { say } from '../../../parts/messages/say.ts'
import { t } from '../../../texts/texts.ts'
import { useCreatePipeline } from '../data/mutations.ts'
import classes from './create-pipeline.module.css'
import { missingInSchedule, scheduleSpec } from './first-schedule.ts'
import { firstSpec } from './first-spec.ts'
import { missingIn, missingName, type NewPipeline, NOTHING } from './new-pipeline.ts'
import { DocumentFields, draftedFrom, type FromDocument, NO_DOCUMENT } from './openapi/document-fields.tsx'
import { NameFields, StepFields, TriggerFields } from './pipeline-fields.tsx'
import { ScheduleFields } from './schedule-fields.tsx'

interface CreatePipelineProps {
  readonly organization: string
  /** @param made the name of the new pipeline, if there is one */
  readonly onClose: (made?: string) => void
}

const SOURCES = ['scratch', 'schedule', 'openApi'] as const
type Source = (typeof SOURCES)[number]

/**
 * Creates a pipeline with a first version: its route, what callers must send, and one step; a schedule and a call; or all
 * that an OpenAPI document describes.
 */
export function CreatePipeline({ organization, onClose }: CreatePipelineProps) {
  const [values, setValues] = useState<NewPipeline>(NOTHING)
  const [source, setSource] = useState<Source>('scratch')
  const [suggested, setSuggested] = useState('')
  const [fromDocument, setFromDocument] = useState<FromDocument>(NO_DOCUMENT)
  const drafted = useMemo(() => draftedFrom(fromDocument), [fromDocument])
  const set = (change: Partial<NewPipeline>): void => setValues((before) => ({ ...before, ...change }))
  const create = useCreatePipeline(organization)
  const { form } = t.pipelines
  const missing = {
    scratch: () => missingIn(values),
    schedule: () => [...missingName(values), ...missingInSchedule(values)],
    openApi: () => [...missingName(values), drafted?.draft === undefined && form.openApi.document],
  }
  const whyNot = whyNotReady(missing[source]())
  const submit = (): void => {
    const specs = {
      scratch: () => firstSpec(values),
      schedule: () => scheduleSpec(values),
      openApi: () => drafted?.draft?.spec,
    }
    const spec = specs[source]()
    if (whyNot !== undefined || create.isPending || spec === undefined) return
    const { project, newProject } = values
    const name = project === '' ? newProject : project
    const input: CreatePipelineInput = { name: values.name, project: name, spec }
    create.mutate(
      { input, newProject: project === '' ? newProject : undefined },
      {
        onSuccess: () => {
          say(form.done(values.name))
          onClose(values.name)
        },
      },
    )
  }
  return (
    <Dialog
      title={form.title}
      onClose={() => onClose()}
      foot={
        <>
          <WhyNot id="create-pipeline-why">{whyNot ?? form.after}</WhyNot>
          <Button onClick={() => onClose()}>{t.parts.cancel}</Button>
          <Button
            type="submit"
            form="create-pipeline"
            variant="filled"
            loading={create.isPending}
            aria-disabled={whyNot !== undefined || undefined}
            aria-describedby="create-pipeline-why"
          >
            {form.submit}
          </Button>
        </>
      }
    >
      <form
        id="create-pipeline"
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <fieldset className={classes.field}>
          <legend>{form.sourceLabel}</legend>
          <SegmentedControl
            value={source}
            data={SOURCES.map((value) => ({ value, label: form.sources[value] }))}
            onChange={setSource}
          />
        </fieldset>
        {source === 'openApi' && (
          <DocumentFields
            values={fromDocument}
            drafted={drafted}
            onChange={(next, name) => {
              setFromDocument(next)
              if (name === undefined) return
              // A name that was typed stays.
              if (values.name === '' || values.name === suggested) set({ name })
              setSuggested(name)
            }}
          />
        )}
        <NameFields organization={organization} values={values} onChange={set} />
        {source === 'scratch' && (
          <>
            <TriggerFields values={values} onChange={set} />
            <StepFields values={values} onChange={set} />
          </>
        )}
        {source === 'schedule' && <ScheduleFields values={values} onChange={set} />}
        {create.error !== null && <Failure error={create.error} retry={submit} />}
      </form>
    </Dialog>
  )
}
