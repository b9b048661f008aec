import { Button } from '@mantine/core'
import type { Consumer } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Absent } from '../../../parts/absent.tsx'
import { Item, ItemList } from '../../../parts/table/item-list.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import section from '../../../parts/section-head.module.css'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { CreateBasic } from '../dialogs/create-basic.tsx'
import { RemoveBasic } from '../dialogs/remove-basic.tsx'
import { basicCredentialsQuery } from '../queries.ts'

interface BasicCredentialsProps {
  readonly organization: string
  readonly consumer: Consumer
}

/** The user names of a consumer. */
export function BasicCredentials({ organization, consumer }: BasicCredentialsProps) {
  const { may } = usePlace()
  const query = useQuery(basicCredentialsQuery(organization, consumer.id))
  const [creates, setCreates] = useState(false)
  const [removed, setRemoved] = useState<string>()
  const mayChange = may('consumers.write', consumer.environment)
  const { panel } = t.consumers
  return (
    <PanelSection label={panel.basic}>
      <div className={section.head}>
        <div>
          <h3>{panel.basic}</h3>
          <p className={text.meta}>{panel.basicText}</p>
        </div>
        {mayChange && (
          <Button size="compact-xs" onClick={() => setCreates(true)}>
            {panel.createBasic}
          </Button>
        )}
      </div>
      <Loaded query={query} skeleton={<RowsSkeleton rows={1} />}>
        {(credentials) =>
          credentials.length === 0 ? (
            <Absent>{panel.noBasic}</Absent>
          ) : (
            <ItemList label={panel.basic}>
              {credentials.map(({ username, createdAt }) => (
                <Item
                  key={username}
                  end={
                    mayChange && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        aria-label={panel.removeOf(username)}
                        onClick={() => setRemoved(username)}
                      >
                        {panel.removeBasic}
                      </Button>
                    )
                  }
                >
                  <code>{username}</code>{' '}
                  <span className={text.meta}>
                    <When at={createdAt} as="day" />
                  </span>
                </Item>
              ))}
            </ItemList>
          )
        }
      </Loaded>
      {creates && (
        <CreateBasic organization={organization} consumer={consumer} onClose={() => setCreates(false)} />
      )}
      {removed !== undefined && (
        <RemoveBasic
          organization={organization}
          consumer={consumer.id}
          username={removed}
          onClose={() => setRemoved(undefined)}
        />
      )}
    </PanelSection>
  )
}
