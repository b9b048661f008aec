import { Button } from '@mantine/core'
import type { Consumer } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Absent } from '../../../parts/absent.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { Item, ItemList } from '../../../parts/table/item-list.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import section from '../../../parts/section-head.module.css'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { CreatePortalLink } from '../dialogs/create-portal-link.tsx'
import { useEndPortalSession } from '../mutations.ts'
import { portalSessionsQuery } from '../queries.ts'

interface PortalLinksProps {
  readonly organization: string
  readonly consumer: Consumer
}

/** The links to the portal of a consumer that still work. */
export function PortalLinks({ organization, consumer }: PortalLinksProps) {
  const { may } = usePlace()
  const query = useQuery(portalSessionsQuery(organization, consumer.id))
  const end = useEndPortalSession(organization)
  const [creates, setCreates] = useState(false)
  const mayOpen = may('consumers.open-portal', consumer.environment)
  const { panel } = t.consumers
  return (
    <PanelSection label={panel.portal}>
      <div className={section.head}>
        <div>
          <h3>{panel.portal}</h3>
          <p className={text.meta}>{panel.portalText}</p>
        </div>
        {mayOpen && (
          <Button size="compact-xs" onClick={() => setCreates(true)}>
            {panel.createPortal}
          </Button>
        )}
      </div>
      <Loaded query={query} skeleton={<RowsSkeleton rows={1} />}>
        {(sessions) =>
          sessions.length === 0 ? (
            <Absent>{panel.noPortal}</Absent>
          ) : (
            <ItemList label={panel.portal}>
              {sessions.map(({ id, state, scopes, expiresAt }) => (
                <Item
                  key={id}
                  end={
                    mayOpen && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        aria-label={panel.endOf(id)}
                        loading={end.isPending && end.variables === id}
                        onClick={() => end.mutate(id)}
                      >
                        {panel.end}
                      </Button>
                    )
                  }
                >
                  {state === 'open' ? panel.portalStates.open : panel.portalStates.pending}, {panel.ends}{' '}
                  <When at={expiresAt} />
                  <div className={text.meta} title={scopes.join(', ')}>
                    {scopes.map((scope) => t.consumers.portalForm.scope[scope]).join(' · ')}
                  </div>
                </Item>
              ))}
            </ItemList>
          )
        }
      </Loaded>
      {end.error !== null && <Failure error={end.error} retry={() => end.mutate(end.variables)} />}
      {creates && (
        <CreatePortalLink organization={organization} consumer={consumer} onClose={() => setCreates(false)} />
      )}
    </PanelSection>
  )
}
