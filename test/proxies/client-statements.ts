/** Headers by which a service could take another method than the authorized one. */
export const OTHER_METHOD = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'] as const

/** Further headers that services obey, and that only a proxy may set. The gateway drops more of them than a file can list. */
export const STATEMENTS = [
  'Proxy',
  'X-Original-URI',
  'X-Original-Host',
  'Remote-User',
  'X-Remote-User',
  'X-Forwarded-User',
  'X-Forwarded-Email',
  'X-Forwarded-Groups',
  'X-Forwarded-Client-Cert',
  'X-Auth-Request-User',
  'X-Auth-Request-Email',
  'X-Auth-Request-Groups',
  'X-Authenticated-User',
  'X-WebAuth-User',
  'Client-Cert',
  'X-Client-Cert',
  'True-Client-IP',
  'CF-Connecting-IP',
  'X-Client-IP',
  'Client-IP',
  'X-Cluster-Client-IP',
  'X-Forwarded',
  'Forwarded-For',
  'X-Middleware-Subrequest',
] as const
