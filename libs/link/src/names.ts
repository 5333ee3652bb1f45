export { ServerNames, withDnsPort } from '@knot/shared/names';
