import { MultiSelect, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { environmentsQuery } from '../../../data/environments.ts'
import { pipelineChoicesQuery } from '../../../data/pipelines.ts'
import { projectsQuery } from '../../../data/projects.ts'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { TokenDialog } from '../../../parts/shown-once/token-dialog.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { PlanSelect } from './plan-select.tsx'
import { useCreateConsumer } from '../mutations.ts'

interface CreateConsumerProps {
  readonly organization: string
  /** The environment that is chosen at first. */
  readonly environment: string | undefined
  /** The pipeline that it may call at first. */
  readonly pipeline: string | undefined
  /** @param made the id of the new consumer, if there is one */
  readonly onClose: (made?: string) => void
}

/** Creates a consumer: first what it is, then the token of its first key. */
export function CreateConsumer({ organization, environment, pipeline, onClose }: CreateConsumerProps) {
  const create = useCreateConsumer(organization)
  const { may } = usePlace()
  const [name, setName] = useState('')
  const [title, setTitle] = useState('')
  const [chosen, setChosen] = useState(environment ?? null)
  const [pipelines, setPipelines] = useState<string[]>(pipeline === undefined ? [] : [pipeline])
  const [projects, setProjects] = useState<string[]>([])
  const [plan, setPlan] = useState<string | null>(null)
  const environments = useQuery(environmentsQuery(organization))
  const { data: choices = [] } = useQuery({
    ...pipelineChoicesQuery(organization),
    enabled: may('pipelines.read'),
  })
  const { data: projectChoices = [] } = useQuery({
    ...projectsQuery(organization),
    enabled: may('pipelines.read'),
  })
  if (create.data !== undefined) {
    const { consumer, key, token } = create.data
    return (
      <TokenDialog
        title={t.token.ready(consumer.name)}
        organization={organization}
        made={key}
        token={token}
        onClose={() => {
          // Nothing keeps the token once its dialog is closed.
          create.reset()
          onClose(consumer.id)
        }}
      />
    )
  }
  const where = (environments.data ?? []).filter((each) => may('consumers.write', each.name))
  const { form } = t.consumers
  return (
    <FormDialog
      title={form.title}
      submit={form.submit}
      effect={form.effect}
      missing={[name.trim() === '' && form.name, chosen === null && form.environment]}
      isPending={create.isPending}
      error={create.error}
      onSubmit={() =>
        create.mutate({
          name,
          title: title.trim() || null,
          environment: chosen ?? '',
          pipelines,
          projects,
          plan,
        })
      }
      onClose={() => onClose()}
    >
      <TextInput
        data-autofocus
        label={form.name}
        description={form.nameHint}
        autoComplete="off"
        required
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <TextInput
        label={form.titleField}
        description={form.titleHint}
        autoComplete="off"
        value={title}
        onChange={({ currentTarget }) => setTitle(currentTarget.value)}
      />
      <Select
        label={form.environment}
        description={form.environmentHint}
        required
        data={where.map((each) => each.name)}
        value={chosen}
        allowDeselect={false}
        onChange={(next) => {
          setChosen(next)
          // A plan belongs to one environment.
          setPlan(null)
        }}
      />
      <MultiSelect
        label={form.pipelines}
        description={form.pipelinesHint}
        searchable
        data={choices.map((each) => each.name)}
        value={pipelines}
        onChange={setPipelines}
      />
      <MultiSelect
        label={form.projects}
        description={form.projectsHint}
        searchable
        data={projectChoices.map((each) => each.name)}
        value={projects}
        onChange={setProjects}
      />
      {chosen !== null && (
        <PlanSelect organization={organization} environment={chosen} value={plan} onChange={setPlan} />
      )}
    </FormDialog>
  )
}
