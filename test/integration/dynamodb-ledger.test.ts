import { describeLedger } from '../support/ledger-conformance';
import { createLedger } from '../support/ledger-table';

describeLedger('the ledger in DynamoDB', createLedger);
