import { Button } from '@mantine/core'
import type { Portal } from '@sallyport/sdk'
import type { ReactNode } from 'react'
import { Icon } from '../../parts/icon.tsx'
import { OrganizationName } from '../../parts/organization-mark/organization-name.tsx'
import { Failure } from '../../parts/states/failure.tsx'
import { LostConnection } from '../../shell/lost-connection.tsx'
import { ColorScheme } from '../../shell/top-bar.tsx'
import { t } from '../../texts/texts.ts'
import classes from './frame.module.css'
import { useLeave } from './mutations.ts'

/** The frame around an open session: whose portal it is, and the two ways out of it. */
export function Frame({ portal, children }: { readonly portal: Portal; readonly children: ReactNode }) {
  const leave = useLeave()
  const { organization, returnUrl } = portal
  return (
    <div className={classes.frame}>
      <header className={classes.bar}>
        <OrganizationName name={organization.name} color={organization.color} />
        <span className={classes.rest} />
        {returnUrl !== null && (
          <a className={classes.back} href={returnUrl} rel="noreferrer">
            <Icon small name="back" />
            {t.portal.back}
          </a>
        )}
        <ColorScheme />
        <Button size="xs" loading={leave.isPending} onClick={() => leave.mutate()}>
          {t.portal.end}
        </Button>
      </header>
      <LostConnection />
      {leave.error !== null && (
        <div className={classes.failure}>
          <Failure error={leave.error} retry={() => leave.mutate()} />
        </div>
      )}
      {children}
    </div>
  )
}
