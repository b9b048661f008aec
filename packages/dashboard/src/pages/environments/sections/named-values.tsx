import { Button } from '@mantine/core'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Absent } from '../../../parts/absent.tsx'
import { Opened } from '../../../parts/layers/opened.tsx'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import section from '../../../parts/section-head.module.css'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { Item, ItemList } from '../../../parts/table/item-list.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { PutValue } from '../dialogs/put-value.tsx'
import { RemoveValue } from '../dialogs/remove-value.tsx'
import { secretsQuery, type ValueKind, valueQuery, variablesQuery } from '../queries.ts'
import classes from './named-values.module.css'

interface ValuesProps {
  readonly organization: string
  readonly environment: string
}

/** The values that differ between environments. */
export function Variables({ organization, environment }: ValuesProps) {
  const query = useQuery(variablesQuery(organization, environment))
  return <NamedValues kind="variables" query={query} organization={organization} environment={environment} />
}

/** The values that nothing shows again. */
export function Secrets({ organization, environment }: ValuesProps) {
  const query = useQuery(secretsQuery(organization, environment))
  return <NamedValues kind="secrets" query={query} organization={organization} environment={environment} />
}

interface Listed {
  readonly name: string
  /** Left out for a secret. */
  readonly value?: string
  readonly updatedAt: string
}

interface NamedValuesProps extends ValuesProps {
  readonly kind: ValueKind
  readonly query: UseQueryResult<Listed[]>
}

/** What was asked for; without a name, to add one. */
interface Asked {
  readonly act: 'put' | 'remove'
  readonly name: string | undefined
}

function NamedValues({ kind, query, organization, environment }: NamedValuesProps) {
  const { may } = usePlace()
  const [asked, setAsked] = useState<Asked>()
  const words = t.environments[kind]
  const mayChange = may(`${kind}.write`, environment)
  const close = (): void => setAsked(undefined)
  return (
    <PanelSection label={words.title}>
      <div className={section.head}>
        <div>
          <h3>{words.title}</h3>
          <p className={text.meta}>
            {words.text} <code>{words.placeholder}</code>
          </p>
        </div>
        {mayChange && (
          <Button
            size="compact-xs"
            aria-label={words.addTitle(environment)}
            onClick={() => setAsked({ act: 'put', name: undefined })}
          >
            {words.add}
          </Button>
        )}
      </div>
      <Loaded query={query} skeleton={<RowsSkeleton rows={2} />}>
        {(all) =>
          all.length === 0 ? (
            <Absent>{words.none}</Absent>
          ) : (
            <ItemList label={words.title}>
              {all.map((listed) => (
                <Item
                  key={listed.name}
                  end={
                    mayChange && (
                      <>
                        <Button
                          size="compact-xs"
                          variant="subtle"
                          aria-label={words.changeOf(listed.name)}
                          onClick={() => setAsked({ act: 'put', name: listed.name })}
                        >
                          {words.change}
                        </Button>
                        <Button
                          size="compact-xs"
                          variant="subtle"
                          aria-label={words.removeOf(listed.name)}
                          onClick={() => setAsked({ act: 'remove', name: listed.name })}
                        >
                          {words.removeWord}
                        </Button>
                      </>
                    )
                  }
                >
                  <code>{listed.name}</code>
                  {listed.value !== undefined && <div className={classes.value}>{listed.value}</div>}
                  <div className={text.meta}>
                    {t.environments.value.set} <When at={listed.updatedAt} />
                  </div>
                </Item>
              ))}
            </ItemList>
          )
        }
      </Loaded>
      {asked?.name !== undefined && (
        <AskedValue
          kind={kind}
          organization={organization}
          environment={environment}
          act={asked.act}
          name={asked.name}
          onClose={close}
        />
      )}
      {asked !== undefined && asked.name === undefined && (
        <PutValue
          kind={kind}
          organization={organization}
          environment={environment}
          shown={null}
          onClose={close}
        />
      )}
    </PanelSection>
  )
}

interface AskedValueProps extends ValuesProps {
  readonly kind: ValueKind
  readonly act: Asked['act']
  readonly name: string
  readonly onClose: () => void
}

/** Changes or removes one of them. */
function AskedValue({ act, name, ...props }: AskedValueProps) {
  const { kind, organization, environment, onClose } = props
  const query = useQuery({ ...valueQuery(organization, kind, { environment, name }), staleTime: 0 })
  const { changeTitle, removeTitle } = t.environments[kind]
  return (
    <Opened title={(act === 'put' ? changeTitle : removeTitle)(name)} query={query} onClose={onClose}>
      {(shown) =>
        act === 'put' ? <PutValue {...props} shown={shown} /> : <RemoveValue {...props} shown={shown} />
      }
    </Opened>
  )
}
