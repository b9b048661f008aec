import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { pipelineChoicesQuery } from '../../../data/pipelines.ts'
import type { Grant, Permission } from '../../../data/grants.ts'
import { Absent } from '../../../parts/absent.tsx'
import { Item, ItemList } from '../../../parts/table/item-list.tsx'
import { hasEnvironment, hasPipeline, PERMISSIONS } from '../../../parts/roles/permissions.ts'
import { placeOf } from '../../../parts/roles/role-words.ts'
import text from '../../../parts/text.module.css'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import classes from './role-editor.module.css'

interface LimitedGrantsProps {
  readonly organization: string
  readonly environments: readonly string[]
  readonly grants: readonly Grant[]
  readonly mayGive: (grant: Grant) => boolean
  readonly onAdd: (grant: Grant) => void
  readonly onRemove: (grant: Grant) => void
}

/** Permissions for one project or pipeline, which the matrix has no place for. */
export function LimitedGrants({ grants, onRemove, ...props }: LimitedGrantsProps) {
  const { edit } = t.rolePages
  return (
    <section className={classes.limited} aria-label={edit.limited}>
      <div>
        <h2 className={classes.heading}>{edit.limited}</h2>
        <p className={text.meta}>{edit.limitedHint}</p>
      </div>
      {grants.length === 0 ? (
        <Absent>{edit.noLimited}</Absent>
      ) : (
        <ItemList label={edit.limited}>
          {grants.map((grant) => {
            const place = placeOf(grant)
            return (
              <Item
                key={grant.permission + place}
                end={
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    aria-label={edit.removeOf(grant.permission, place)}
                    onClick={() => onRemove(grant)}
                  >
                    {edit.remove}
                  </Button>
                }
              >
                <code>{grant.permission}</code> <span className={text.meta}>{place}</span>
              </Item>
            )
          })}
        </ItemList>
      )}
      <AddGrant {...props} />
    </section>
  )
}

/** How a choice says whether it is a pipeline or a project. */
const PIPELINE = 'pipeline:'
const PROJECT = 'project:'

function partOf(choice: string): Pick<Grant, 'pipeline' | 'project'> {
  return choice.startsWith(PIPELINE)
    ? { pipeline: choice.slice(PIPELINE.length) }
    : { project: choice.slice(PROJECT.length) }
}

type AddGrantProps = Omit<LimitedGrantsProps, 'grants' | 'onRemove'>

function AddGrant({ organization, environments, mayGive, onAdd }: AddGrantProps) {
  const { may } = usePlace()
  const [permission, setPermission] = useState<Permission>('pipelines.invoke')
  const [environment, setEnvironment] = useState('')
  const [part, setPart] = useState<string | null>(null)
  const { data = [] } = useQuery({
    ...pipelineChoicesQuery(organization),
    enabled: may('pipelines.read'),
  })
  const { edit } = t.rolePages
  const projects = [...new Set(data.map(({ project }) => project))]
  const isInEnvironment = hasEnvironment(permission) && environment !== ''
  const grant =
    part === null ? undefined : { permission, ...(isInEnvironment && { environment }), ...partOf(part) }
  const isReady = grant !== undefined && mayGive(grant)
  return (
    <div className={classes.add}>
      <Select
        label={edit.permission}
        data={PERMISSIONS.filter(hasPipeline)}
        value={permission}
        allowDeselect={false}
        onChange={(chosen) => setPermission(PERMISSIONS.find((each) => each === chosen) ?? permission)}
      />
      {hasEnvironment(permission) && (
        <Select
          label={edit.environment}
          data={[
            { value: '', label: edit.anyEnvironment },
            ...environments.map((name) => ({ value: name, label: name })),
          ]}
          value={environment}
          allowDeselect={false}
          onChange={(chosen) => setEnvironment(chosen ?? '')}
        />
      )}
      <Select
        label={edit.part}
        searchable
        data={[
          {
            group: edit.pipelines,
            items: data.map(({ name }) => ({ value: PIPELINE + name, label: name })),
          },
          { group: edit.projects, items: projects.map((name) => ({ value: PROJECT + name, label: name })) },
        ]}
        value={part}
        onChange={setPart}
      />
      <Button
        aria-disabled={!isReady || undefined}
        onClick={() => {
          if (!isReady) return
          onAdd(grant)
          setPart(null)
        }}
      >
        {edit.add}
      </Button>
    </div>
  )
}
