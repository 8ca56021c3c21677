# The group stands elsewhere.
resource "azurerm_network_security_rule" "ssh" {
  name                        = "ssh"
  network_security_group_name = "nodes"
  priority                    = 100
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_address_prefix       = "Internet" # expect: azure-nsg-open-kube-ports
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "22"
}
