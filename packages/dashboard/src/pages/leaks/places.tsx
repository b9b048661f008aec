import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Breakable } from '../../parts/id.tsx'
import { PanelSection } from '../../parts/layers/side-panel.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { Item, ItemList } from '../../parts/table/item-list.tsx'
import text from '../../parts/text.module.css'
import { When } from '../../parts/when.tsx'
import { t } from '../../texts/texts.ts'
import { SecretState } from './leak-words.tsx'
import { placesQuery } from './queries.ts'

interface PlacesProps {
  readonly organization: string
  readonly keyId: string
  /** The id of the leak whose details are open. */
  readonly openId: string
}

/** Every place where secrets of a key were found. */
export function Places({ organization, keyId, openId }: PlacesProps) {
  const query = useQuery(placesQuery(organization, keyId))
  const { title, many } = t.leaks.places
  return (
    <PanelSection label={title}>
      <Loaded query={query} skeleton={<RowsSkeleton rows={2} />}>
        {(places) => (
          <>
            <div>
              <h3>{title}</h3>
              <p className={text.meta}>{many(places.length)}</p>
            </div>
            <ItemList label={title}>
              {places.map((leak) => (
                <Item key={leak.id} end={<SecretState stillLive={leak.stillLive} />}>
                  {leak.id === openId ? (
                    <Breakable>{leak.url ?? t.leaks.unknownPlace}</Breakable>
                  ) : (
                    <Link to="." search={(search) => ({ ...search, leak: leak.id })}>
                      <Breakable>{leak.url ?? t.leaks.unknownPlace}</Breakable>
                    </Link>
                  )}
                  <div className={text.meta}>
                    <When at={leak.createdAt} />, {t.leaks.foundBy[leak.source]}
                  </div>
                </Item>
              ))}
            </ItemList>
          </>
        )}
      </Loaded>
    </PanelSection>
  )
}
