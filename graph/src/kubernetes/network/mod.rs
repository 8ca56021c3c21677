//! The network: policies, what traffic they let through, and what is reachable from outside.

mod address;
mod connections;
mod exposure;
mod gateway;
mod policy;
mod ports;
mod routes;
mod traffic;

pub use address::AddressRange;
pub use connections::Connection;
pub use exposure::{Exposure, Reach};
pub use gateway::{Gateway, IstioGateway, IstioServer, Listener, ParentGateway};
pub use policy::{Direction, NetworkPeer, NetworkPolicy, NetworkPort, NetworkRule};
pub use ports::{Ports, Protocol};
pub use routes::{Backend, Route};
pub(crate) use traffic::{Guards, guards};
pub use traffic::{Peer, Traffic};
