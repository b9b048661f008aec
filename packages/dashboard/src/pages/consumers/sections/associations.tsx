import { Button, Select } from '@mantine/core'
import type { Consumer } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { pipelineChoicesQuery } from '../../../data/pipelines.ts'
import { Failure } from '../../../parts/states/failure.tsx'
import { Item, ItemList } from '../../../parts/table/item-list.tsx'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import text from '../../../parts/text.module.css'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { useAssociate } from '../mutations.ts'

interface AssociationsProps {
  readonly organization: string
  readonly consumer: Consumer
}

/** The pipelines that a consumer may call. */
export function Associations({ organization, consumer }: AssociationsProps) {
  const { may } = usePlace()
  const associate = useAssociate(organization)
  const mayChange = may('consumers.write', consumer.environment)
  const { data: all = [] } = useQuery({
    ...pipelineChoicesQuery(organization),
    enabled: may('pipelines.read'),
  })
  const { panel } = t.consumers
  const change = (pipeline: string, isAllowed: boolean): void =>
    associate.mutate({ consumer, pipeline, isAllowed })
  const projectOf = new Map(all.map(({ name, project }) => [name, project]))
  const others = all.filter(({ name }) => !consumer.pipelines.includes(name))
  return (
    <PanelSection label={panel.pipelines}>
      <div>
        <h3>{panel.pipelines}</h3>
        <p className={text.meta}>
          {consumer.pipelines.length === 0 ? panel.noPipelines : panel.pipelinesText}
        </p>
      </div>
      {consumer.pipelines.length > 0 && (
        <ItemList label={panel.pipelines}>
          {consumer.pipelines.map((name) => (
            <Item
              key={name}
              end={
                mayChange && (
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    aria-label={panel.removeOf(name)}
                    loading={associate.isPending && associate.variables.pipeline === name}
                    onClick={() => change(name, false)}
                  >
                    {panel.remove}
                  </Button>
                )
              }
            >
              {name} <span className={text.meta}>{projectOf.get(name)}</span>
            </Item>
          ))}
        </ItemList>
      )}
      {mayChange && others.length > 0 && (
        <Select
          size="xs"
          aria-label={panel.add}
          placeholder={panel.add}
          searchable
          data={others.map(({ name }) => name)}
          value={null}
          onChange={(name) => {
            if (name !== null) change(name, true)
          }}
        />
      )}
      {associate.error !== null && (
        <Failure error={associate.error} retry={() => associate.mutate(associate.variables)} />
      )}
    </PanelSection>
  )
}
