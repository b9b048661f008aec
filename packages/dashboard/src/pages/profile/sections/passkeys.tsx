import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { canUsePasskeys, passkeysQuery } from '../../../data/passkeys.ts'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'
import { useDialogs } from '../dialogs.ts'
import { Row, Rows, Section } from '../../../parts/settings/section.tsx'

/** What signs the person in without a password. */
export function Passkeys() {
  const dialogs = useDialogs()
  const query = useQuery(passkeysQuery)
  const { title, lead, none, add, synced, bound, created, used, neverUsed, rename, remove, unsupported } =
    t.profile.passkeys
  return (
    <Section title={title} lead={lead}>
      <Loaded query={query} skeleton={<RowsSkeleton rows={2} />}>
        {(passkeys) =>
          passkeys.length === 0 ? (
            <p>{none}</p>
          ) : (
            <Rows label={title}>
              {passkeys.map((passkey) => (
                <Row
                  key={passkey.id}
                  title={passkey.name}
                  meta={
                    <>
                      {passkey.synced ? synced : bound} · {created} <When at={passkey.createdAt} /> ·{' '}
                      {passkey.lastUsedAt === null ? (
                        neverUsed
                      ) : (
                        <>
                          {used} <When at={passkey.lastUsedAt} />
                        </>
                      )}
                    </>
                  }
                  actions={
                    <>
                      <Button size="compact-xs" onClick={() => dialogs.open('rename-passkey', passkey.id)}>
                        {rename}
                      </Button>
                      <Button
                        size="compact-xs"
                        data-destructive
                        onClick={() => dialogs.open('remove-passkey', passkey.id)}
                      >
                        {remove}
                      </Button>
                    </>
                  }
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
      {canUsePasskeys() ? (
        <Button size="xs" onClick={() => dialogs.open('add-passkey')}>
          {add}
        </Button>
      ) : (
        <p className={text.meta}>{unsupported}</p>
      )}
    </Section>
  )
}
