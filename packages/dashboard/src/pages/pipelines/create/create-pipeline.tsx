import { Button } from '@mantine/core'
import type { CreatePipelineInput } from '@sallyport/sdk'
import { useState } from 'react'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { WhyNot, whyNotReady } from '../../../parts/layers/why-not.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { say } from '../../../parts/messages/say.ts'
import { t } from '../../../texts/texts.ts'
import { useCreatePipeline } from '../data/mutations.ts'
import classes from './create-pipeline.module.css'
import { firstSpec } from './first-spec.ts'
import { NameFields, StepFields, TriggerFields } from './pipeline-fields.tsx'
import { missingIn, type NewPipeline, NOTHING } from './new-pipeline.ts'

interface CreatePipelineProps {
  readonly organization: string
  /** @param made the name of the new pipeline, if there is one */
  readonly onClose: (made?: string) => void
}

/** Creates a pipeline with a first version: its route, what callers must send, and one step. */
export function CreatePipeline({ organization, onClose }: CreatePipelineProps) {
  const [values, setValues] = useState<NewPipeline>(NOTHING)
  const set = (change: Partial<NewPipeline>): void => setValues((before) => ({ ...before, ...change }))
  const create = useCreatePipeline(organization)
  const whyNot = whyNotReady(missingIn(values))
  const submit = (): void => {
    if (whyNot !== undefined || create.isPending) return
    const { project, newProject } = values
    const name = project === '' ? newProject : project
    const input: CreatePipelineInput = { name: values.name, project: name, spec: firstSpec(values) }
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
  const { form } = t.pipelines
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
        <NameFields organization={organization} values={values} onChange={set} />
        <TriggerFields values={values} onChange={set} />
        <StepFields values={values} onChange={set} />
        {create.error !== null && <Failure error={create.error} retry={submit} />}
      </form>
    </Dialog>
  )
}
