import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { secondFactorQuery } from '../../../data/second-factor.ts'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { State } from '../../../parts/state.tsx'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'
import { useDialogs } from '../dialogs.ts'
import { Row, Rows, Section } from '../../../parts/settings/section.tsx'

/** How many recovery codes are so few that the person should make new ones. */
const FEW_CODES = 3

/** The authenticator app of the person, and its recovery codes. */
export function SecondFactor() {
  const dialogs = useDialogs()
  const query = useQuery(secondFactorQuery)
  const { title, lead, app, off, offNext, add, since, remove, codes, codesLeft, codesUse, replace, few } =
    t.profile.factor
  return (
    <Section title={title} lead={lead}>
      <Loaded query={query} skeleton={<RowsSkeleton rows={2} />}>
        {({ authenticator, recoveryCodesLeft }) =>
          authenticator === null ? (
            <>
              <div>
                <State tone="idle" mark="ring">
                  {off}
                </State>
                <p>{offNext}</p>
              </div>
              <Button size="xs" onClick={() => dialogs.open('authenticator')}>
                {add}
              </Button>
            </>
          ) : (
            <Rows label={title}>
              <Row
                title={app}
                meta={
                  <>
                    {since} <When at={authenticator.confirmedAt} />
                  </>
                }
                actions={
                  <Button
                    size="compact-xs"
                    data-destructive
                    onClick={() => dialogs.open('remove-authenticator')}
                  >
                    {remove}
                  </Button>
                }
              />
              <Row
                title={codes}
                meta={
                  recoveryCodesLeft > FEW_CODES ? (
                    `${codesLeft(recoveryCodesLeft)}. ${codesUse}`
                  ) : (
                    <State tone="warn" mark="half">
                      {`${codesLeft(recoveryCodesLeft)}. ${few}`}
                    </State>
                  )
                }
                actions={
                  <Button size="compact-xs" onClick={() => dialogs.open('recovery-codes')}>
                    {replace}
                  </Button>
                }
              />
            </Rows>
          )
        }
      </Loaded>
    </Section>
  )
}
