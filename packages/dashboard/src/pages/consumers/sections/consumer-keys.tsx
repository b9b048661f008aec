import { Button } from '@mantine/core'
import type { Consumer } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Absent } from '../../../parts/absent.tsx'
import { Id } from '../../../parts/id.tsx'
import { Item, ItemList } from '../../../parts/table/item-list.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import section from '../../../parts/section-head.module.css'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { currentHint, KeyState } from '../../keys/key-words.tsx'
import { keysOfQuery } from '../queries.ts'

interface ConsumerKeysProps {
  readonly organization: string
  readonly consumer: Consumer
}

/** The keys of a consumer that were used last, with the way to all of them. */
export function ConsumerKeys({ organization, consumer }: ConsumerKeysProps) {
  const { may } = usePlace()
  const query = useQuery(keysOfQuery(organization, consumer.id))
  const { panel } = t.consumers
  const to = '/organizations/$organization/keys' as const
  const params = { organization }
  return (
    <PanelSection label={panel.keys}>
      <div className={section.head}>
        <h3>{panel.keys}</h3>
        {may('keys.create', consumer.environment) && (
          <Button
            size="compact-xs"
            renderRoot={(props) => (
              <Link
                {...props}
                to={to}
                params={params}
                search={{ consumer: consumer.id, environment: consumer.environment, dialog: 'create' }}
              />
            )}
          >
            {panel.createKey}
          </Button>
        )}
      </div>
      <Loaded query={query} skeleton={<RowsSkeleton rows={2} />}>
        {({ items, total }) =>
          total === 0 ? (
            <Absent>{panel.noKeys}</Absent>
          ) : (
            <>
              <ItemList label={panel.keys}>
                {items.map((key) => (
                  <Item key={key.id} end={<KeyState state={key.state} />}>
                    <Link to={to} params={params} search={{ consumer: consumer.id, key: key.id }}>
                      {key.name}
                    </Link>{' '}
                    <Id>{currentHint(key)}</Id>
                  </Item>
                ))}
              </ItemList>
              <Link to={to} params={params} search={{ consumer: consumer.id }}>
                {panel.allKeys(total)}
              </Link>
            </>
          )
        }
      </Loaded>
    </PanelSection>
  )
}
