import type { Consumer } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { pipelineChoicesQuery } from '../../../data/pipelines.ts'
import { projectsQuery } from '../../../data/projects.ts'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { useAssociatePipeline, useAssociateProject } from '../mutations.ts'
import { AssociationList } from './association-list.tsx'
import { callablePipelines } from './callable-pipelines.ts'

interface AssociationsProps {
  readonly organization: string
  readonly consumer: Consumer
}

/** The pipelines that a consumer may call, and the projects of which it may call every pipeline. */
export function Associations({ organization, consumer }: AssociationsProps) {
  return (
    <>
      <Pipelines organization={organization} consumer={consumer} />
      <Projects organization={organization} consumer={consumer} />
    </>
  )
}

function Pipelines({ organization, consumer }: AssociationsProps) {
  const { may } = usePlace()
  const associate = useAssociatePipeline(organization)
  const { data: all = [] } = useQuery({
    ...pipelineChoicesQuery(organization),
    enabled: may('pipelines.read'),
  })
  const { panel } = t.consumers
  const { items, more, others } = callablePipelines(consumer, all)
  const isNone = consumer.pipelines.length + consumer.projects.length === 0
  return (
    <AssociationList
      title={panel.pipelines}
      meaning={isNone ? panel.noPipelines : panel.pipelinesText}
      items={items}
      rest={more > 0 ? panel.moreByProject(more) : undefined}
      mayChange={may('consumers.write', consumer.environment)}
      add={panel.add}
      choices={others}
      change={associate}
      onChange={(to, isAllowed) => associate.mutate({ consumer, to, isAllowed })}
      retry={() => {
        if (associate.variables !== undefined) associate.mutate(associate.variables)
      }}
    />
  )
}

function Projects({ organization, consumer }: AssociationsProps) {
  const { may } = usePlace()
  const associate = useAssociateProject(organization)
  const { data: all = [] } = useQuery({ ...projectsQuery(organization), enabled: may('pipelines.read') })
  const { panel } = t.consumers
  return (
    <AssociationList
      title={panel.projects}
      meaning={consumer.projects.length === 0 ? panel.noProjects : panel.projectsText}
      items={consumer.projects.map((name) => ({ name, isOwn: true }))}
      mayChange={may('consumers.write', consumer.environment)}
      add={panel.addProject}
      choices={all.map(({ name }) => name).filter((name) => !consumer.projects.includes(name))}
      change={associate}
      onChange={(to, isAllowed) => associate.mutate({ consumer, to, isAllowed })}
      retry={() => {
        if (associate.variables !== undefined) associate.mutate(associate.variables)
      }}
    />
  )
}
